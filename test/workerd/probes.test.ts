import { beforeAll, describe, expect, it } from "vitest"
import { allCapabilities } from "#core/access/capabilities"
import { allEndpoints } from "#core/contract/all"
import { canvasApi } from "#core/contract/canvas"
import type { Endpoint } from "#core/contract/endpoint"
import { addressOf, ask, fetchText, type Answered, type Ask } from "#test/kit/api"
import { namedInBody, namedInQuery, withNamed } from "#test/kit/foreign-ids"
import { isLong } from "#test/kit/long"
import { newKey, newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { nameOf, newWorld, nowhere, sampleOf, type World } from "#test/kit/world"

type Side = { tenant: TestTenant; world: World; callers: [string, string][] }

let sides: [Side, Side]

async function sideOf(name: string): Promise<Side> {
  const tenant = await newTenant(name)
  const world = await newWorld(tenant)
  const callers: Side["callers"] = [
    ["admin", tenant.token],
    ["editor", (await newMember(tenant, "editor")).token],
    ["viewer", (await newMember(tenant, "viewer")).token],
    ["executor", (await newMember(tenant, "executor")).token],
    ["key", await newKey(tenant, ...allCapabilities)],
    ["second admin", (await newMember(tenant, "admin")).token],
  ]
  return { tenant, world, callers }
}

beforeAll(async () => {
  sides = [await sideOf("acme"), await sideOf("globex")]
}, 120_000)

/** What an answer says, but for what differs between any two of them. */
const said = ({ status, headers, text }: Answered<unknown>): string =>
  `${status} ${headers.get("content-type")} ${text.replace(/"request_id":"[^"]+"/, "")}`

/** The same without ids, names and times: of answers that made something. */
const told = (answered: Answered<unknown>): string =>
  said(answered)
    .replaceAll(/[a-z]+_(?:[0-9A-Z]{2})?01[0-9A-HJKMNP-TV-Z]{24}/g, "ID")
    .replaceAll(/"\w*version":\d+/g, "VERSION")
    .replaceAll(/\b[a-z]+-[0-9a-z]{1,4}\b/g, "NAME")
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "TIME")

/** The parts of an address that name things, in every mixture of one's own, the other's and nobody's. */
function mixtures(endpoint: Endpoint, mine: World, theirs: World): [string, World][] {
  const isAsking = /\/approvals\/:approval_id|\/callback-address$/.test(endpoint.path)
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) =>
    // Questions are of an execution of their own.
    isAsking && name === "execution_id" ? "asking_id" : (name as keyof World),
  )
  const ids = names.filter((name) => name !== "version" && mine[name] !== theirs[name])
  const all = { ...mine, ...Object.fromEntries(ids.map((name) => [name, theirs[name]])) }
  const single: [string, World][] =
    ids.length < 2
      ? []
      : ids.map((name) => [`${name} of another`, { ...mine, [name]: theirs[name] }] as [string, World])
  return ids.length === 0 ? [] : [["all of another", all], ...single]
}

const escaped = (text: string): string =>
  Array.from(text, (sign) => `%${sign.charCodeAt(0).toString(16)}`).join("")

/** The same id, written as another client may write it. */
const spellings: [string, (address: string) => string][] = [
  ["as it is", (address) => address],
  ["escaped", (address) => address.replace(/_01/g, "%5F01")],
  ["with a query", (address) => `${address}${address.includes("?") ? "&" : "?"}tenant_id=x`],
  ...(isLong
    ? ([
        ["with a fragment", (address) => `${address}#x`],
        ["escaped in small letters", (address) => address.replace(/_01/g, "%5f01")],
        ["escaped sign by sign", (address) => address.replace(/_01J?/g, escaped)],
      ] as [string, (address: string) => string][])
    : []),
]

/** What else a client may say of whose it is; nobody listens. */
const manners = ({ tenant }: Side): [string, Record<string, string>][] => [
  ["plainly", {}],
  ...(isLong
    ? ([
        ["naming their tenant", { "x-tenant-id": tenant.id, "x-tenant": tenant.slug, "x-org": tenant.slug }],
        [
          "naming their person",
          { "x-user-id": tenant.user, "x-role": "admin", "x-forwarded-user": tenant.email },
        ],
        ["with their cookie", { cookie: `__Host-edgecrew_refresh=${tenant.refresh}` }],
        [
          "for another host",
          { "x-forwarded-host": `${tenant.slug}.example.com`, "x-original-url": "/api/v1/auth/me" },
        ],
      ] as [string, Record<string, string>][])
    : []),
]

async function asked(
  endpoint: Endpoint,
  input: Ask,
  spell: (address: string) => string,
  more: Record<string, string> = {},
): Promise<Answered<unknown>> {
  const text = input.body === undefined ? undefined : JSON.stringify(input.body)
  return fetchText(spell(addressOf(endpoint, input)), {
    method: endpoint.method,
    headers: {
      authorization: `Bearer ${input.token}`,
      ...(text ? { "content-type": "application/json" } : {}),
      ...more,
    },
    ...(text ? { body: text } : {}),
  })
}

let probes = 0
/** What the probes of one route may take. */
const mostMs = isLong ? 3_600_000 : 120_000

/** Who has the token that these addresses or headers hold may see what it names, wherever they belong. */
const isByToken = ({ needs, widget }: Endpoint): boolean => needs === "public" || widget === true
const behindADoor = allEndpoints.filter((one) => !isByToken(one))
/** Routes that name something of a tenant in their address, their body or their query. */
const inAddress = behindADoor.filter(({ params }) => params !== undefined)
const inBody = behindADoor.filter((one) => namedInBody(one).length > 0)
const inQuery = behindADoor.filter(
  // A canvas is a socket: its query names the window alone.
  (one) => one.method === "GET" && namedInQuery(one).length > 0 && one !== canvasApi.open,
)

describe("[A42, A46] what belongs to another tenant", () => {
  it("is looked for in every route that names anything, but for what a token of its own opens", () => {
    const probed = new Set([...inAddress, ...inBody, ...inQuery])
    const left = allEndpoints.filter(
      (one) =>
        !probed.has(one) && (one.params || namedInBody(one).length > 0 || namedInQuery(one).length > 0),
    )
    expect(left.map(nameOf).sort()).toEqual([
      "GET /approvals/by-link/:token",
      "GET /forms/:token",
      "GET /shared-chats/:token",
      "POST /approvals/by-link/:token",
      "POST /executions/:execution_id/callbacks/:token",
      "POST /forms/:token",
    ])
  })

  it.each(inAddress.map((one) => [nameOf(one), one] as const))(
    "is nothing to %s, in whatever part of the address it stands",
    async (_, endpoint) => {
      for (const [mine, theirs] of [sides, sides.toReversed()] as [Side, Side][]) {
        for (const [what, world] of mixtures(endpoint, mine.world, theirs.world)) {
          // What a body names is another probe; here the address alone is foreign.
          const foreign = sampleOf(endpoint, world)
          const body = sampleOf(endpoint, mine.world).body
          const none = sampleOf(endpoint, {
            ...world,
            ...Object.fromEntries(
              Object.entries(world)
                .filter(([name, id]) => id === theirs.world[name as keyof World])
                .map(([name]) => [name, nowhere[name as keyof World]]),
            ),
          })
          for (const [who, token] of mine.callers) {
            for (const [how, spell] of spellings) {
              for (const [manner, more] of manners(theirs)) {
                const at = [who, what, how, manner]
                const one = await asked(endpoint, { ...foreign, body, token }, spell, more)
                const other = await asked(endpoint, { ...none, body, token }, spell, more)
                expect([...at, said(one)]).toEqual([...at, said(other)])
                expect([...at, [400, 403, 404].includes(one.status)]).toEqual([...at, true])
                if (who === "admin" && how === "as it is")
                  expect([...at, one.status]).toEqual([...at, endpoint.needs === "platform" ? 403 : 404])
                probes++
              }
            }
          }
        }
      }
    },
    mostMs,
  )

  it.each(inBody.map((one) => [nameOf(one), one] as const))(
    "is nothing to %s, wherever the body names it",
    async (_, endpoint) => {
      for (const [mine, theirs] of [sides, sides.toReversed()] as [Side, Side][]) {
        const sample = sampleOf(endpoint, mine.world)
        for (const place of namedInBody(endpoint)) {
          if (theirs.world[place.names] === undefined) continue
          for (const [who, token] of mine.callers) {
            const at = [who, place.path.join(".")]
            const say = (world: World) =>
              ask(endpoint, {
                ...sample,
                token,
                body: withNamed(sampleOf(endpoint, mine.world).body, place, world[place.names]),
              })
            const one = await say(theirs.world)
            expect([...at, told(one)]).toEqual([...at, told(await say(nowhere))])
            expect([...at, one.text.includes(theirs.tenant.slug)]).toEqual([...at, false])
            probes++
          }
        }
      }
    },
    mostMs,
  )

  it.each(inQuery.map((one) => [nameOf(one), one] as const))(
    "is nothing to %s, wherever the query names it",
    async (_, endpoint) => {
      for (const [mine, theirs] of [sides, sides.toReversed()] as [Side, Side][]) {
        const sample = sampleOf(endpoint, mine.world)
        for (const place of namedInQuery(endpoint)) {
          if (theirs.world[place.names] === undefined) continue
          for (const [who, token] of mine.callers) {
            const at = [who, place.path.join(".")]
            const say = (id: string) =>
              ask(endpoint, { ...sample, token, query: { ...sample.query, [place.path.join(".")]: id } })
            // Not the id that the kit's own samples name nothing by.
            const [one, other] = [
              await say(theirs.world[place.names]),
              await say(nowhere[place.names].replace(/0$/, "9")),
            ]
            expect([...at, told(one)]).toEqual([...at, told(other)])
            probes++
          }
        }
      }
    },
  )

  it("was asked for five thousand times, and fifty thousand in the long form", () => {
    console.log(JSON.stringify({ cross_tenant_probes: probes }))
    expect(probes).toBeGreaterThanOrEqual(isLong ? 50_000 : 5_000)
  })
})
