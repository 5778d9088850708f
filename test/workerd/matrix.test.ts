import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { allEndpoints } from "#core/contract/all"
import { apiBase, type Endpoint } from "#core/contract/endpoint"
import { createApp } from "#worker/app"
import { addressOf, origin, type Answered } from "#test/kit/api"
import { principalsOf, type Principal, type Verdict } from "#test/kit/principals"
import { newTenant } from "#test/kit/tenants"
import { nameOf, nowhere } from "#test/kit/world"

let principals: Principal[]
beforeAll(async () => {
  principals = await principalsOf(await newTenant())
}, 120_000)

/** Says nothing that a route takes and names nothing that exists: who may ask is told so, and nothing happens. */
async function probe(endpoint: Endpoint, { token, headers }: Principal): Promise<Answered<unknown>> {
  const takesBody = endpoint.method !== "GET" && endpoint.method !== "DELETE"
  const response = await exports.default.fetch(
    new Request(addressOf(endpoint, { params: nowhere }), {
      method: endpoint.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(takesBody ? { "content-type": "application/json" } : {}),
        "x-role": "admin",
        ...headers,
      },
      ...(takesBody ? { body: '{"no_such_field":1}' } : {}),
    }),
  )
  const { status } = response
  // A stream that opens does not end by itself.
  if (status < 400) await response.body?.cancel()
  const text = status < 400 ? "" : await response.text()
  const body: unknown = text.startsWith("{") ? JSON.parse(text) : undefined
  return { status, headers: response.headers, body, text }
}

const isEndpoint = (one: unknown): one is Endpoint =>
  typeof one === "object" && one !== null && "needs" in one && "path" in one && "method" in one

const verdictOf = ({ status }: Answered<unknown>): Verdict =>
  status === 401 ? "unknown" : status === 403 ? "forbidden" : "open"

const secure: [string, string][] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-opener-policy", "same-origin"],
  ["x-frame-options", "DENY"],
]

/** What must hold of every answer, whoever is answered what. */
function faultsOf(endpoint: Endpoint, { status, headers, text }: Answered<unknown>): string[] {
  const faults = secure.filter(([name, value]) => headers.get(name) !== value).map(([name]) => name)
  const policy = headers.get("content-security-policy") ?? ""
  if (!/(?:^|; )default-src '(?:self|none)'/.test(policy)) faults.push("content-security-policy")
  if (!policy.includes("frame-ancestors 'none'")) faults.push("frame-ancestors")
  if (!/no-store/.test(headers.get("cache-control") ?? "")) faults.push("cache-control")
  if (headers.get("x-request-id")?.startsWith("req_") !== true) faults.push("x-request-id")
  if (headers.has("access-control-allow-origin") && !endpoint.widget)
    faults.push("access-control-allow-origin")
  if (headers.has("access-control-allow-credentials")) faults.push("access-control-allow-credentials")
  if (headers.has("server") || headers.has("x-powered-by")) faults.push("server")
  if (status === 401 && !headers.has("www-authenticate")) faults.push("www-authenticate")
  if (status >= 500) faults.push(`status ${status}`)
  if (status >= 400) {
    if (headers.get("content-type") !== "application/problem+json; charset=utf-8") faults.push("content-type")
    // Nothing of the inside: no place in a file, no statement, no name of a binding.
    if (/\bat [\w.]+ \(|SQLITE_|D1_ERROR|select .+ from|TENANT_DB_|node_modules/.test(text))
      faults.push("its inside")
  }
  return faults
}

/** The doors of OpenAI's clients: no contract of ours names them, and yet they open to the same people. */
const openai: [string, Endpoint][] = (["POST", "GET"] as const).map((method) => [
  method === "GET" ? "/v1/models" : "/v1/chat/completions",
  { method, path: "", needs: "execution.start", tag: "OpenAI", summary: "" },
])

describe("every route × everybody who may knock", () => {
  it("are all of the routes that there are, and one of each kind of caller", () => {
    expect(principals.length).toBeGreaterThanOrEqual(35)
    expect(new Set(principals.map(({ name }) => name)).size).toBe(principals.length)
    const known = new Set(allEndpoints.map(({ method, path }) => `${method} ${apiBase}${path}`))
    // The refusal of other methods stands once at each of their paths.
    const refusals = new Set(allEndpoints.map(({ path }) => `ALL ${apiBase}${path}`))
    // What the app takes and no contract says: the middleware, pages, and these doors.
    const doors = createApp()
      .routes.map(({ method, path }) => `${method} ${path}`)
      .filter((one) => !known.has(one) && !refusals.has(one))
    expect(doors.sort()).toEqual([
      "ALL /*",
      "ALL /*",
      "ALL /api/*",
      "ALL /hooks/*",
      "ALL /hooks/:slug/:token",
      "ALL /internal/*",
      "ALL /v1/*",
      "GET /*",
      "GET /v1/models",
      "GET /v1/models/*",
      "OPTIONS /api/v1/widget/*",
      "POST /internal/setup",
      "POST /v1/chat/completions",
    ])
  })

  it("are what the contracts say, every file of them", () => {
    const files = import.meta.glob<Record<string, unknown>>("../../core/contract/*.ts", { eager: true })
    const said = Object.values(files).flatMap((file) =>
      Object.values(file).flatMap((one) =>
        typeof one === "object" && one !== null ? Object.values(one).filter(isEndpoint) : [],
      ),
    )
    const listed = new Set(allEndpoints)
    expect(said.length).toBeGreaterThanOrEqual(allEndpoints.length)
    expect(said.filter((one) => !listed.has(one)).map(nameOf)).toEqual([])
  })

  it.each(allEndpoints.map((one) => [nameOf(one), one] as const))(
    "[A41, A16, A59, A61, A69] %s",
    async (_, endpoint) => {
      const said = await Promise.all(
        principals.map(async (principal) => {
          const answered = await probe(endpoint, principal)
          return [principal.name, verdictOf(answered), faultsOf(endpoint, answered)]
        }),
      )
      expect(said).toEqual(principals.map((one) => [one.name, one.verdict(endpoint), []]))
    },
  )

  it.each(openai)("[A41, A16] OpenAI's clients at %s", async (path, endpoint) => {
    const said = await Promise.all(
      principals.map(async ({ name, token, headers }) => {
        const response = await exports.default.fetch(
          new Request(`${origin}${path}`, {
            method: endpoint.method,
            headers: {
              ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
              ...(endpoint.method === "POST" ? { "content-type": "application/json" } : {}),
              ...headers,
            },
            ...(endpoint.method === "POST" ? { body: '{"no_such_field":1}' } : {}),
          }),
        )
        const answered = { status: response.status, headers: response.headers, body: undefined, text: "" }
        await response.body?.cancel()
        // Their failures are no problems of ours, but OpenAI's.
        const others = new Set(["content-type", "www-authenticate"])
        return [name, verdictOf(answered), faultsOf(endpoint, answered).filter((one) => !others.has(one))]
      }),
    )
    expect(said).toEqual(principals.map((one) => [one.name, one.verdict(endpoint), []]))
  })
})
