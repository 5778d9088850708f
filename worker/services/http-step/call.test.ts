import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { faultOf } from "#durable/execution/fault"
import type { HttpStepRequest } from "#durable/execution/http-port"
import { guardedFetch, type EgressPolicy } from "#worker/egress/guard"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { ssrfUrls } from "#test/kit/ssrf-urls"
import { sendRequest, type HttpDeps } from "./call.ts"

let server: HttpServer
let other: HttpServer
beforeAll(async () => {
  ;[server, other] = await Promise.all([startHttpServer(), startHttpServer()])
})
afterAll(() => Promise.all([server.close(), other.close()]))
afterEach(async () => {
  await vi.waitFor(() => expect([server.open, other.open]).toEqual([0, 0]), { timeout: 10_000 })
  server.received.length = 0
  other.received.length = 0
})

type Change = Partial<HttpStepRequest> & { url: string }
type Surroundings = {
  policy?: EgressPolicy
  signal?: AbortSignal
  now?: () => number
}

function send(change: Change, { policy = {}, signal, now = () => Date.now() }: Surroundings = {}) {
  const allow = policy.allow ?? [server.host, other.host]
  const deps: HttpDeps = {
    out: (limits) => guardedFetch({ allow, ...policy, ...limits }),
    allow,
    credential: async () => undefined,
    now,
  }
  const request: HttpStepRequest = {
    tenant: { id: "tenant_01JD0000000000000000000000", slot: "TENANT_1" },
    method: "GET",
    headers: {},
    query: {},
    body: undefined,
    ...change,
  }
  return sendRequest(deps, request, signal ?? new AbortController().signal)
}

/** What the engine would make of a failure. */
const faultIn = async (call: Promise<unknown>) =>
  call.then(
    (value) => ({
      code: "no failure",
      message: JSON.stringify(value),
      retry: false,
      retry_after_ms: undefined,
    }),
    (error: unknown) => ({ retry_after_ms: undefined, ...faultOf(error) }),
  )

describe("a request", () => {
  it("is sent as the node says, with its key, and its answer comes back", async () => {
    const reply = await send({
      url: `${server.url}/echo?a=1`,
      method: "POST",
      query: { b: ["2", 3] },
      headers: { "X-Own": "yes", Host: "evil.example.com", "X-Forwarded-For": "10.0.0.1" },
      body: { name: "Ana" },
      idempotency_key: "exec_1::ask:1",
    })
    expect(server.received).toMatchObject([
      { method: "POST", path: "/echo", body: '{"name":"Ana"}', key: "exec_1::ask:1" },
    ])
    const { headers, query } = server.received[0]
    expect([...query]).toEqual([
      ["a", "1"],
      ["b", "2"],
      ["b", "3"],
    ])
    expect(headers).toMatchObject({
      "x-own": "yes",
      "content-type": "application/json",
      host: server.host,
      "user-agent": "Edgecrew",
    })
    expect(headers).not.toHaveProperty("x-forwarded-for")
    expect(reply).toMatchObject({
      status: 200,
      body: { method: "POST", body: '{"name":"Ana"}' },
      final_url: `${server.url}/echo?a=1&b=2&b=3`,
    })
    expect(reply.headers).toMatchObject({ "content-type": "application/json" })
    expect(reply.headers).not.toHaveProperty("set-cookie")
  })

  it("leaves an Idempotency-Key of the node's own", async () => {
    await send({ url: `${server.url}/echo`, headers: { "idempotency-key": "mine" }, idempotency_key: "ours" })
    expect(server.received.map((one) => one.key)).toEqual(["mine"])
  })

  it("says how long it took, and has no body where there is none", async () => {
    const slow = await send({ url: `${server.url}/slow/60` })
    expect(slow).toMatchObject({ status: 200, body: { slept: 60 } })
    expect(slow.duration_ms).toBeGreaterThanOrEqual(55)
    expect(slow.duration_ms).toBeLessThan(1_000)
    expect(await send({ url: `${server.url}/body/204` })).toMatchObject({ status: 204, body: null })
    expect(await send({ url: `${server.url}/echo`, method: "HEAD" })).toMatchObject({
      status: 200,
      body: null,
    })
    const bytes = await send({ url: `${server.url}/body?type=image%2Fpng&base64=iVBORw%3D%3D` })
    expect(bytes.body).toEqual({ base64: "iVBORw==", content_type: "image/png" })
    expect(bytes.headers).toMatchObject({ "x-own": "kept" })
    expect(bytes.headers).not.toHaveProperty("x-hop")
  })
})

describe("an answer of 400 and above", () => {
  it.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, false],
    [422, false],
    [425, true],
    [429, true],
    [500, true],
    [501, false],
    [502, true],
    [503, true],
    [504, true],
  ])("%i is a failure, and whether it may pass is %s", async (status, retry) => {
    const fault = await faultIn(send({ url: `${server.url}/status/${status}?message=No+such+order` }))
    expect(fault).toEqual({
      code: `http.status_${status}`,
      message: `127.0.0.1 answered ${status}: No such order`,
      retry,
      retry_after_ms: undefined,
    })
  })

  it("says how long to wait: in seconds, as a date, never longer than ten minutes", async () => {
    const now = () => Date.parse("2026-03-04T12:00:00Z")
    const wait = async (text: string) =>
      (await faultIn(send({ url: `${server.url}/status/503`, query: { "retry-after": text } }, { now })))
        .retry_after_ms
    expect(await wait("7")).toBe(7_000)
    expect(await wait("0")).toBe(0)
    expect(await wait("86400")).toBe(600_000)
    expect(await wait("-5")).toBe(0)
    expect(await wait("Wed, 04 Mar 2026 12:00:30 GMT")).toBe(30_000)
    expect(await wait("Wed, 04 Mar 2026 11:00:00 GMT")).toBe(0)
    expect(await wait("soon")).toBeUndefined()
  })

  it("does not keep us waiting for its body", async () => {
    const begun = performance.now()
    expect(await faultIn(send({ url: `${server.url}/drip/500` }))).toMatchObject({
      code: "http.status_500",
      message: "127.0.0.1 answered 500: a beginning",
    })
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})

describe("what goes wrong on the way", () => {
  it("has a code and says whether it may pass", async () => {
    const gone = await startHttpServer()
    await gone.close()
    const cases: [string, () => Promise<unknown>, string, boolean][] = [
      [
        "nobody there",
        () => send({ url: gone.url }, { policy: { allow: [gone.host] } }),
        "http.network",
        true,
      ],
      ["cut off", () => send({ url: `${server.url}/cut` }), "http.network", true],
      [
        "no answer",
        () => send({ url: `${server.url}/hang` }, { policy: { headersMs: 50 } }),
        "http.timeout",
        true,
      ],
      [
        "no end",
        () => send({ url: `${server.url}/drip` }, { policy: { totalMs: 50 } }),
        "http.timeout",
        true,
      ],
      ["not a URL", () => send({ url: "example dot com" }), "http.bad_url", false],
      ["relative", () => send({ url: "/orders" }), "http.bad_url", false],
      ["too long", () => send({ url: `${server.url}/?${"x".repeat(9_000)}` }), "http.bad_url", false],
      [
        "grown too long",
        () => send({ url: server.url, query: { q: "x".repeat(9_000) } }),
        "http.bad_url",
        false,
      ],
      ["a password", () => send({ url: "https://ana:pw@api.example.org/" }), "http.bad_url", false],
      ["not http", () => send({ url: "ftp://files.example.org/" }), "http.bad_url", false],
      ["private", () => send({ url: "http://10.0.0.1/" }), "http.refused_address", false],
      ["another port", () => send({ url: "https://api.example.org:22/" }), "http.refused_address", false],
    ]
    for (const [name, call, code, retry] of cases)
      expect([name, await faultIn(call())]).toMatchObject([name, { code, retry }])
  })

  it.each([["?announced"], [""]])("[413] 1 MiB is taken and one byte more is not %s", async (how) => {
    const most = 1_048_576
    const fits = await send({ url: `${server.url}/big/${most}${how}` })
    expect(fits.body).toHaveLength(most)
    expect(await faultIn(send({ url: `${server.url}/big/${most + 1}${how}` }))).toMatchObject({
      code: "http.too_large",
      retry: false,
    })
    const small = send({ url: `${server.url}/big/1001${how}`, most_bytes: 1_000 })
    expect(await faultIn(small)).toMatchObject({ code: "http.too_large" })
  })

  it("is not fooled by an answer that unpacks", async () => {
    expect((await send({ url: `${server.url}/bomb/1000` })).body).toHaveLength(1_000)
    expect(await faultIn(send({ url: `${server.url}/bomb/200000000` }))).toMatchObject({
      code: "http.too_large",
    })
  })

  it.each(["/hang", "/drip", "/big/1000000000"])(
    "[EX] an abort closes the connection of %s at once",
    async (path) => {
      const stop = new AbortController()
      const call = send({ url: `${server.url}${path}`, most_bytes: 8_000_000_000 }, { signal: stop.signal })
      const ended = expect(call).rejects.toThrow("cancelled by a person")
      await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 10_000 })
      stop.abort(new Error("cancelled by a person"))
      await ended
      await vi.waitFor(() => expect(server.received[0].leftAfterMs).toBeLessThan(1_000), { timeout: 1_000 })
    },
  )
})

describe("[A5] what no http step may call", () => {
  for (const [group, urls] of Object.entries(ssrfUrls)) {
    it(`${group}: nothing is sent, directly or by a redirect`, async () => {
      const fetched = vi.fn()
      const guarded = { policy: { allow: [], fetch: fetched as unknown as typeof fetch } }
      for (const url of urls) {
        const fault = await faultIn(send({ url, query: { a: "1" } }, guarded))
        expect([url, fault.code]).toEqual([url, expect.stringMatching(/^http\.(refused_address|bad_url)$/)])
      }
      expect(fetched).not.toHaveBeenCalled()
      // Once parsed, the backslash trick is a plain path of example.com: a redirect to it goes there and nowhere else.
      for (const url of urls.filter((one) => URL.canParse(one) && !one.includes("com\\@"))) {
        const to = encodeURIComponent(new URL(url).href)
        const fault = await faultIn(send({ url: `${server.url}/redirect/307?to=${to}` }))
        expect([url, fault.code]).toEqual([url, expect.stringMatching(/^http\.(refused_address|bad_url)$/)])
      }
      expect(other.received).toEqual([])
    })
  }
})
