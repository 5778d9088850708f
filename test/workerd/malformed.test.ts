import { beforeAll, describe, expect, it } from "vitest"
import type { Endpoint } from "#core/contract/endpoint"
import { addressOf, fetchText, type Answered } from "#test/kit/api"
import { isLong } from "#test/kit/long"
import { malformed, seedOf, sqlPayloads, withTexts, type Malformed } from "#test/kit/malformed"
import { newTenant, type TestTenant } from "#test/kit/tenants"
import { nameOf, newWorld, nowhere, sampleOf, withBody, type World } from "#test/kit/world"

/** Bodies a route; `npm run security` sends ten times as many. */
const count = isLong ? 3_000 : 300
/** Longer than any of them may take, alone, on a busy machine. */
const mostMs = 2_000
/** So many are on their way at once. */
const together = 10

let tenant: TestTenant
let world: World
beforeAll(async () => {
  tenant = await newTenant()
  world = await newWorld(tenant)
}, 60_000)

/** These cost a database, a guess or a call to somewhere else when they are taken: only what their contract refuses is sent. */
const dear = new Set([
  "POST /auth/register",
  "POST /auth/login",
  "POST /auth/refresh",
  "POST /auth/password",
  "POST /tools/import/mcp",
])

function isTaken(endpoint: Endpoint, { body }: Malformed): boolean {
  try {
    return (
      endpoint.body?.safeParse(JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body)))
        .success === true
    )
  } catch {
    return false
  }
}

function send(endpoint: Endpoint, where: World, { body, headers }: Malformed): Promise<Answered<unknown>> {
  return fetchText(addressOf(endpoint, sampleOf(endpoint, where)), {
    method: endpoint.method,
    body,
    headers: {
      "content-type": "application/json",
      ...(endpoint.needs === "public" ? {} : { authorization: `Bearer ${tenant.token}` }),
      ...headers,
    },
  })
}

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

/** Sends all and gives what was wrong; a body that took long goes once more by itself, as others may have kept it waiting. */
async function faults(endpoint: Endpoint, bodies: Iterable<Malformed>): Promise<unknown[]> {
  const found: unknown[] = []
  const rest = [...bodies].filter((one) => !dear.has(nameOf(endpoint)) || !isTaken(endpoint, one))
  const one = async (sent: Malformed, i: number): Promise<void> => {
    const where = i % 2 === 0 ? world : nowhere
    const since = Date.now()
    const answered = await send(endpoint, where, sent)
    let ms = Date.now() - since
    if (ms > mostMs) {
      const again = Date.now()
      await send(endpoint, where, sent)
      ms = Date.now() - again
    }
    const fault = ms > mostMs ? `took ${ms} ms` : faultOf(answered)
    if (fault) found.push([fault, String(sent.body).slice(0, 200), sent.headers])
  }
  for (let i = 0; i < rest.length; i += together)
    await Promise.all(rest.slice(i, i + together).map((sent, j) => one(sent, i + j)))
  return found
}

describe("[A8, A1] a body that is wrong", () => {
  it.each(withBody.map((one) => [nameOf(one), one] as const))(
    "is refused by %s with what to do, soon, and breaks nothing",
    async (name, endpoint) => {
      const { body } = sampleOf(endpoint, world)
      expect(await faults(endpoint, malformed(body, seedOf(name), count))).toEqual([])
    },
    300_000,
  )

  it.each(withBody.map((one) => [nameOf(one), one] as const))(
    "speaks to no database at %s",
    async (_, endpoint) => {
      const { body } = sampleOf(endpoint, world)
      expect(
        await faults(
          endpoint,
          withTexts(body, sqlPayloads).map((text) => ({ body: text })),
        ),
      ).toEqual([])
    },
    120_000,
  )
})
