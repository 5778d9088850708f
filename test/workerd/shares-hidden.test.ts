import { beforeAll, describe, expect, it } from "vitest"
import { allEndpoints } from "#core/contract/all"
import { canvasApi } from "#core/contract/canvas"
import type { Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { sharesApi } from "#core/contract/shares"
import { ask, call, type Answered } from "#test/kit/api"
import { databaseOf } from "#test/kit/dump"
import { namedInBody, namedInQuery, withNamed } from "#test/kit/foreign-ids"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { nameOf, newWorld, nowhere, sampleOf, withId, type World } from "#test/kit/world"

/** What is shared, and what belongs to it. */
const governed = [
  "flow_id",
  "execution_id",
  "asking_id",
  "span_id",
  "approval_id",
  "step",
  "file",
  "chat_id",
  "message_id",
  "trigger_id",
  "delivery_id",
  "agent_id",
  "crew_id",
  "named_id",
  "thread_id",
  "comment_id",
  "review_id",
] as const

let acme: TestTenant
let hidden: World
let open: World
let callers: [string, string][]

const closed = { access: "shared" as const, shares: [] }

beforeAll(async () => {
  acme = await newTenant()
  hidden = await newWorld(acme)
  open = await newWorld(acme)
  callers = []
  for (const role of ["editor", "viewer", "executor"] as const)
    callers.push([role, (await newMember(acme, role)).token])
  const { token } = acme
  const { execution } = await call(executionsApi.get, { token, params: { execution_id: hidden.asking_id } })
  for (const flow_id of [hidden.flow_id, execution.flow_id])
    await call(sharesApi.shareFlow, { token, params: { flow_id }, body: closed })
  await call(sharesApi.shareCrew, { token, params: hidden, body: closed })
  await call(sharesApi.shareAgent, { token, params: hidden, body: closed })
  // The kit's span is of no flow; here it is the hidden one's.
  const d1 = await databaseOf(acme.id)
  await d1.prepare("update spans set flow_id = ? where id = ?").bind(hidden.flow_id, hidden.span_id).run()
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

const replaced = (by: World): World => ({
  ...open,
  ...Object.fromEntries(governed.map((name) => [name, by[name]])),
})

const names = (endpoint: Endpoint): boolean =>
  /:(flow|execution|span|chat|trigger|agent|crew)_id/.test(endpoint.path)

let probes = 0

describe("what is hidden from somebody", () => {
  const routes = withId.filter((one) => names(one) && one !== canvasApi.open)

  it.each(routes.map((one) => [nameOf(one), one] as const))(
    "is to %s as if it were not there",
    async (_, endpoint) => {
      for (const [who, token] of callers) {
        const body = sampleOf(endpoint, open).body
        const one = await ask(endpoint, { ...sampleOf(endpoint, replaced(hidden)), body, token })
        const other = await ask(endpoint, { ...sampleOf(endpoint, replaced(nowhere)), body, token })
        expect([who, said(one)]).toEqual([who, said(other)])
        expect([who, [403, 404].includes(one.status)]).toEqual([who, true])
        probes++
      }
    },
    60_000,
  )

  const bodies = allEndpoints.filter(
    (one) => one.needs !== "public" && one.needs !== "platform" && !one.widget && namedInBody(one).length > 0,
  )
  it.each(bodies.map((one) => [nameOf(one), one] as const))(
    "is nothing to %s, wherever the body names it",
    async (_, endpoint) => {
      const isGoverned = (name: string) => governed.some((one) => one === name)
      for (const place of namedInBody(endpoint).filter((one) => isGoverned(one.names))) {
        for (const [who, token] of callers) {
          const at = [who, place.path.join(".")]
          const say = (world: World) =>
            ask(endpoint, {
              ...sampleOf(endpoint, open),
              token,
              body: withNamed(sampleOf(endpoint, open).body, place, world[place.names]),
            })
          expect([...at, told(await say(hidden))]).toEqual([...at, told(await say(nowhere))])
          probes++
        }
      }
    },
    60_000,
  )

  const reads = allEndpoints.filter(
    (one) =>
      one.method === "GET" &&
      one.needs !== "public" &&
      one.needs !== "platform" &&
      one !== canvasApi.open &&
      !one.widget,
  )
  it.each(reads.filter((one) => namedInQuery(one).length > 0).map((one) => [nameOf(one), one] as const))(
    "is nothing to %s, wherever the query names it",
    async (_, endpoint) => {
      const sample = sampleOf(endpoint, open)
      const isGoverned = (name: string) => governed.some((one) => one === name)
      for (const place of namedInQuery(endpoint).filter((one) => isGoverned(one.names))) {
        for (const [who, token] of callers) {
          const at = [who, place.path.join(".")]
          const say = (id: string) =>
            ask(endpoint, { ...sample, token, query: { ...sample.query, [place.path.join(".")]: id } })
          const [one, other] = [
            await say(hidden[place.names]),
            await say(nowhere[place.names].replace(/0$/, "9")),
          ]
          expect([...at, told(one)]).toEqual([...at, told(other)])
          probes++
        }
      }
    },
    60_000,
  )

  const ids = [
    "flow_id",
    "execution_id",
    "asking_id",
    "span_id",
    "approval_id",
    "chat_id",
    "trigger_id",
    "agent_id",
    "crew_id",
  ] as const
  it("is in no list, no search and no export", async () => {
    const whole = reads.filter((one) => !one.path.includes(":"))
    for (const endpoint of whole) {
      for (const [who, token] of callers) {
        const { text } = await ask(endpoint, { ...sampleOf(endpoint, open), token })
        const shown = ids.filter((name) => text.includes(hidden[name]))
        expect([nameOf(endpoint), who, shown]).toEqual([nameOf(endpoint), who, []])
        probes++
      }
    }
    console.log(JSON.stringify({ hidden_probes: probes }))
    // Those who are not bound by shares do see it.
    const { text } = await ask(flowsApi.list, { token: acme.token, query: { limit: 200 } })
    expect(text).toContain(hidden.flow_id)
  }, 60_000)
})
