import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { operationStep } from "#core/execution/steps/outward"
import { builtinTool } from "#core/tool/builtin/all"
import { OpenApiTool } from "#core/tool/tool"
import { faultOf } from "#durable/execution/fault"
import type { HttpStepRequest } from "#durable/execution/http-port"
import { guardedFetch, type EgressPolicy } from "#worker/egress/guard"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { ssrfUrls } from "#test/kit/ssrf-urls"
import { sendRequest } from "./call.ts"

/** What a tool makes of an address that a model, a document or a server gave it: no packet may reach what stands behind it. */
let server: HttpServer
let canary: HttpServer
beforeAll(async () => {
  ;[server, canary] = await Promise.all([startHttpServer(), startHttpServer()])
})
afterAll(() => Promise.all([server.close(), canary.close()]))

const send = (request: Partial<HttpStepRequest> & { url: string }, policy: EgressPolicy = {}) =>
  sendRequest(
    {
      out: (limits) => guardedFetch({ ...policy, ...limits }),
      allow: policy.allow ?? [],
      credential: async () => undefined,
      now: () => Date.now(),
    },
    {
      tenant: { id: "tenant_01JD0000000000000000000000", slot: "TENANT_1" },
      method: "GET",
      headers: {},
      query: {},
      body: undefined,
      ...request,
    },
    new AbortController().signal,
  )

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => faultOf(error).code,
  )

const refused = /^http\.(refused_address|bad_url)$/

/** An operation whose document names a server; such as cannot be kept is refused before. */
function operationAt(server_url: string): HttpStepRequest | undefined {
  const tool = OpenApiTool.safeParse({
    name: "order",
    description: "Looks up an order",
    kind: "openapi",
    execution_config: { operation_id: "order", server_url, method: "GET", path: "/orders" },
  }).data
  return tool && ({ ...operationStep({ id: "tool_01JD0000000000000000000001", ...tool }, {}) } as never)
}

const webPage = (url: string) => {
  const { deed } = builtinTool("builtin:web_page")!
  if (deed.is !== "page") throw new Error("a web page is read in another way")
  return deed.request({ url })
}

const all = Object.values(ssrfUrls).flat()

describe("[A5] no packet leaves for what may not be called", () => {
  it(`by the server of an imported operation, ${all.length} addresses`, async () => {
    const fetched = vi.fn()
    const policy = { fetch: fetched as unknown as typeof fetch }
    for (const url of all) {
      const request = operationAt(url)
      if (request)
        expect([url, await codeOf(send(request, policy))]).toEqual([url, expect.stringMatching(refused)])
    }
    expect(fetched).not.toHaveBeenCalled()
  })

  it(`by a web page that a model asks for, ${all.length} addresses`, async () => {
    const fetched = vi.fn()
    const policy = { fetch: fetched as unknown as typeof fetch }
    for (const url of all)
      expect([url, await codeOf(Promise.resolve().then(() => send(webPage(url), policy)))]).toEqual([
        url,
        expect.stringMatching(/^(?:http\.(?:refused_address|bad_url)|tool\.|step\.failed)/),
      ])
    expect(fetched).not.toHaveBeenCalled()
  })

  it.each([301, 302, 303, 307, 308])(
    "by a redirect of a server that may be called (%i), directly or in a chain",
    async (status) => {
      const policy = { allow: [server.host] }
      const through = (to: string, hops: number): string =>
        hops === 0 ? to : `${server.url}/redirect/${status}?to=${encodeURIComponent(through(to, hops - 1))}`
      // Another server of a developer's own is one that was not named.
      for (const hops of [1, 4])
        for (const url of [
          canary.url,
          canary.url.replace("127.0.0.1", "localhost"),
          canary.url.replace("127.0.0.1", "[::1]"),
        ])
          expect([url, await codeOf(send({ url: through(`${url}/x`, hops) }, policy))]).toEqual([
            url,
            expect.stringMatching(refused),
          ])
      expect(canary.received).toEqual([])
    },
  )

  it("by a name that leads elsewhere the second time it is asked, or to one address of several", async () => {
    const answers = [["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], []]
    const fetched = vi.fn(
      async () => new Response(null, { status: 302, headers: { location: "https://rebind.vendor.net/2" } }),
    )
    let asked = 0
    const resolve = async () => answers[asked++ % answers.length]
    const policy = { resolve, fetch: fetched as unknown as typeof fetch }
    // The first answer is public, so the first request goes out; the redirect to the same name is judged anew.
    expect(await codeOf(send({ url: "https://rebind.vendor.net/1" }, policy))).toMatch(refused)
    expect(fetched).toHaveBeenCalledTimes(1)
    for (let i = 0; i < 3; i++)
      expect(await codeOf(send({ url: "https://rebind.vendor.net/1" }, policy))).toMatch(refused)
    expect(fetched).toHaveBeenCalledTimes(1)
  })
})
