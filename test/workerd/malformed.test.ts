import { beforeAll, describe, expect, it } from "vitest"
import { allEndpoints } from "#core/contract/all"
// Loaded beforehand: the pool lets no two requests load a module at once.
import "#worker/llm/providers/openai-compatible"
import type { Endpoint } from "#core/contract/endpoint"
import * as z from "zod"
import { addressOf, fetchText, type Answered } from "#test/kit/api"
import { isLong } from "#test/kit/long"
import {
  malformed,
  malformedAddresses,
  seedOf,
  sqlPayloads,
  withTexts,
  type Malformed,
} from "#test/kit/malformed"
import { newSite } from "#test/kit/principals"
import { makePlatformAdmin, newTenant, type TestTenant } from "#test/kit/tenants"
import { nameOf, newWorld, nowhere, sampleOf, type World } from "#test/kit/world"

/** Bodies a route; `npm run security` sends ten times as many. */
const count = isLong ? 3_000 : 300
/** Addresses a route. */
const addresses = isLong ? 300 : 40
/** Longer than any of them may take, alone, on a busy machine. */
const mostMs = 2_000
/** So many are on their way at once. */
const together = 10

let tenant: TestTenant
let world: World
let visitor: Awaited<ReturnType<typeof newSite>>
beforeAll(async () => {
  tenant = await newTenant()
  world = await newWorld(tenant)
  visitor = await newSite(tenant)
  await makePlatformAdmin(tenant)
}, 60_000)

/** These cost a database, a guess, an archive or a call to somewhere else when they are taken: only what their contract refuses is sent. */
const dear = new Set([
  "POST /auth/register",
  "POST /auth/login",
  "POST /auth/refresh",
  "POST /auth/password",
  "POST /tools/import/mcp",
  "POST /flows/:flow_id/propose",
  "POST /privacy/export",
  // What is switched off here is off for all that follows.
  "PUT /admin/switches/:name",
])

/** Every route that reads a body, also to find that there is none. */
const reading = allEndpoints.filter(({ method }) => method !== "GET" && method !== "DELETE")
const bodyOf = (endpoint: Endpoint): unknown => sampleOf(endpoint, world).body ?? {}

/** What a route without a body takes for none. */
const nothing = z.strictObject({}).optional()

function isTaken(endpoint: Endpoint, { body }: Malformed): boolean {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body)
  if (text === "") return endpoint.body === undefined
  try {
    return (endpoint.body ?? nothing).safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

/** Whoever gets far enough for what is sent to be read. */
function identity(endpoint: Endpoint): Record<string, string> {
  if (endpoint.needs === "public") return {}
  return endpoint.widget
    ? { ...visitor.site, authorization: `Bearer ${visitor.token}` }
    : { authorization: `Bearer ${tenant.token}` }
}

/** Something wrong that is sent to a place. */
type Wrong = Malformed & { address: string }

const send = (endpoint: Endpoint, { address, body, headers }: Wrong): Promise<Answered<unknown>> =>
  fetchText(address, {
    method: endpoint.method,
    leaves: true,
    ...(body === "" ? {} : { body }),
    headers: {
      ...(body === "" ? {} : { "content-type": "application/json" }),
      ...identity(endpoint),
      ...headers,
    },
  })

const problem = "application/problem+json; charset=utf-8"

/** What is wrong with an answer to a body that is wrong. */
function faultOf({ status, headers, body, text }: Answered<unknown>): string | undefined {
  if (status >= 500) return `answered ${status}: ${text.slice(0, 300)}`
  if (status < 400) return undefined
  if (headers.get("content-type") !== problem) return `is ${headers.get("content-type")}`
  const { code, detail, request_id } = (body ?? {}) as Record<string, unknown>
  if (typeof code !== "string" || typeof detail !== "string" || typeof request_id !== "string")
    return "is no problem"
  return /SQLITE_|D1_ERROR|no such (?:table|column):|\bat [\w.]+ \(|node_modules/.test(text)
    ? `tells its inside: ${text.slice(0, 300)}`
    : undefined
}

/** Sends all and gives what was wrong; what took long goes once more, alone, as others may have kept it waiting. */
async function faults(endpoint: Endpoint, wrongs: readonly Wrong[]): Promise<unknown[]> {
  const found: unknown[] = []
  const note = (fault: string | undefined, { address, body, headers }: Wrong): void => {
    if (fault) found.push([fault, address.slice(0, 300), String(body).slice(0, 200), headers])
  }
  const timed = async (wrong: Wrong) => {
    const since = Date.now()
    const answered = await send(endpoint, wrong)
    return { wrong, answered, ms: Date.now() - since }
  }
  for (let i = 0; i < wrongs.length; i += together) {
    const all = await Promise.all(wrongs.slice(i, i + together).map(timed))
    for (const { wrong, answered, ms } of all) {
      note(faultOf(answered), wrong)
      const again = ms > mostMs ? (await timed(wrong)).ms : 0
      note(again > mostMs ? `took ${again} ms` : undefined, wrong)
    }
  }
  return found
}

/** So many bodies, at most, on their way to a place that is there and to one that is not, in turns. */
function addressed(endpoint: Endpoint, bodies: Iterable<Malformed>, most = Infinity): Wrong[] {
  const spares = dear.has(nameOf(endpoint)) || endpoint.body === undefined
  const [here, elsewhere] = [world, nowhere].map((where) => addressOf(endpoint, sampleOf(endpoint, where)))
  const wrongs: Wrong[] = []
  for (const one of bodies) {
    if (wrongs.length >= most) break
    if (!spares || !isTaken(endpoint, one))
      wrongs.push({ ...one, address: (wrongs.length % 2 === 0 ? here : elsewhere)! })
  }
  return wrongs
}

let sent = 0

describe("[A8, A1] a body that is wrong", () => {
  it.each(reading.map((one) => [nameOf(one), one] as const))(
    "is refused by %s with what to do, soon, and breaks nothing",
    async (name, endpoint) => {
      // Some are spared, and others sent in their place.
      const bodies = malformed(bodyOf(endpoint), seedOf(name), 2 * count)
      const wrongs = addressed(endpoint, bodies, count)
      expect(wrongs).toHaveLength(count)
      expect(await faults(endpoint, wrongs)).toEqual([])
      sent += wrongs.length
    },
    isLong ? 3_600_000 : 300_000,
  )

  it(`was sent ${count} times to each of these routes`, () => {
    console.log(JSON.stringify({ malformed_bodies: sent, routes: reading.length }))
    expect(sent).toBe(count * reading.length)
  })

  it.each(reading.filter(({ body }) => body).map((one) => [nameOf(one), one] as const))(
    "speaks to no database at %s",
    async (_, endpoint) => {
      const { body } = sampleOf(endpoint, world)
      const bodies = withTexts(body, sqlPayloads).map((text) => ({ body: text }))
      expect(await faults(endpoint, addressed(endpoint, bodies))).toEqual([])
    },
    120_000,
  )
})

/** What opens and stays open is asked for nowhere, and so is what changes something. */
const isSpared = (endpoint: Endpoint): boolean => endpoint.method !== "GET" || endpoint.raw === true

describe("[A8, A1] an address that is wrong", () => {
  it.each(allEndpoints.map((one) => [nameOf(one), one] as const))(
    "is refused by %s with what to do, soon, and breaks nothing",
    async (name, endpoint) => {
      const sample = sampleOf(endpoint, isSpared(endpoint) ? nowhere : world)
      const parts = Object.keys(endpoint.params?.shape ?? {}).map((part) =>
        encodeURIComponent(sample.params?.[part] ?? part),
      )
      const names = Object.keys(endpoint.query?.shape ?? {})
      const ways = malformedAddresses(addressOf(endpoint, sample), { parts, names }, seedOf(name), addresses)
      // A write is refused for its body as well, so that none of them happens.
      const body = reading.includes(endpoint) ? '{"no_such_field":1}' : ""
      const wrongs = Array.from(ways, (address) => ({ address, body }))
      expect(await faults(endpoint, wrongs)).toEqual([])
    },
    120_000,
  )
})
