import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { systemApi } from "#core/contract/system"
import { Failure } from "#core/errors"
import type { FlowId } from "#core/ids"
import { session } from "#web/state/session.ts"
import { call, callTagged } from "./call.ts"

type Seen = { method: string; path: string; authorization: string | null; body: string | null }

/** A server that answers by a function, and remembers what it was asked. */
function serve(answer: (seen: Seen, count: number) => Response): Seen[] {
  const seen: Seen[] = []
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers)
    const one: Seen = {
      method: init.method ?? "GET",
      path,
      authorization: headers.get("authorization"),
      body: typeof init.body === "string" ? init.body : null,
    }
    seen.push(one)
    return answer(one, seen.length)
  })
  return seen
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } })
const problem = (code: string, status: number, more: object = {}) =>
  json({ type: "about:blank", title: "T", status, detail: "D", code, request_id: "req_1", ...more }, status)
const tokens = (n: number) => json({ access_token: `token-${n}`, refresh_token: "r" })
const isRefresh = ({ path }: Seen) => path.endsWith("/auth/refresh")

const flowId = "flow_01JD0000000000000000000000" as FlowId

beforeEach(() => session.begin("token-1", "tenant_a"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

describe("a request by contract", () => {
  it("fills in the path, leaves out empty query fields and sends the token", async () => {
    const seen = serve(() => json({ flows: [] }))
    await call(flowsApi.list, { query: { search: "a b", published: undefined, page: 2 } })
    expect(seen).toEqual([
      { method: "GET", path: "/api/v1/flows?search=a+b&page=2", authorization: "Bearer token-1", body: null },
    ])
  })

  it("hands on the ETag for the next update", async () => {
    serve(() => json({ flow: {} }, 200, { etag: '"7"' }))
    expect((await callTagged(flowsApi.get, { params: { flow_id: flowId } })).ifMatch).toEqual({
      "if-match": '"7"',
    })
  })

  it("answers nothing for 204", async () => {
    serve(() => new Response(null, { status: 204 }))
    expect(await call(flowsApi.remove, { params: { flow_id: flowId } })).toBeUndefined()
  })

  it("sends no token where none is needed", async () => {
    const seen = serve(() => json({ status: "ok", checks: {} }))
    await call(systemApi.health, {})
    expect(seen[0]!.authorization).toBeNull()
  })
})

describe("a refusal", () => {
  it("is thrown as the failure that the server threw", async () => {
    serve(() => problem("request.invalid", 400, { errors: [{ path: "name", message: "Enter a name" }] }))
    const failure = await call(flowsApi.list, {}).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Failure)
    expect(failure).toMatchObject({
      code: "request.invalid",
      message: "D",
      more: { requestId: "req_1", errors: [{ path: "name", message: "Enter a name" }] },
    })
  })

  it("of a shape or code that is not known is still a failure", async () => {
    serve((_, count) =>
      count === 1 ? new Response("<html>", { status: 502 }) : problem("from.the_future", 418),
    )
    await expect(call(flowsApi.list, {})).rejects.toMatchObject({ code: "internal" })
    await expect(call(flowsApi.list, {})).rejects.toMatchObject({ code: "internal", message: "D" })
  })
})

describe("an expired token", () => {
  it("is renewed by the cookie once, and the request goes out again", async () => {
    const seen = serve((one) => {
      if (isRefresh(one)) return tokens(2)
      return one.authorization === "Bearer token-2" ? json({ flows: [] }) : problem("auth.invalid", 401)
    })
    await call(flowsApi.list, {})
    expect(seen.map((one) => one.path.replace("/api/v1", ""))).toEqual(["/flows", "/auth/refresh", "/flows"])
    expect(session.token).toBe("token-2")
  })

  it("is renewed once for all requests that met it", async () => {
    const seen = serve((one) => {
      if (isRefresh(one)) return tokens(2)
      return one.authorization === "Bearer token-2" ? json({}) : problem("auth.invalid", 401)
    })
    await Promise.all([call(flowsApi.list, {}), call(flowsApi.templates, {}), call(flowsApi.list, {})])
    expect(seen.filter(isRefresh)).toHaveLength(1)
  })

  it("ends the session when the cookie is no good either", async () => {
    const seen = serve((one) =>
      isRefresh(one) ? problem("auth.refresh_reused", 401) : problem("auth.invalid", 401),
    )
    const heard = vi.fn()
    const deafen = session.onEnd(heard)
    await expect(call(flowsApi.list, {})).rejects.toMatchObject({ code: "auth.refresh_reused" })
    expect(seen).toHaveLength(2)
    expect(heard).toHaveBeenCalledExactlyOnceWith("lost")
    expect(session.mayResume()).toBe(false)
    deafen()
  })

  it("survives a server that is away: the session stays", async () => {
    serve((one) => (isRefresh(one) ? problem("storage.busy", 503) : problem("auth.invalid", 401)))
    await expect(call(flowsApi.list, {})).rejects.toMatchObject({ code: "storage.busy" })
    expect(session.mayResume()).toBe(true)
  })

  it("does not make a request twice when the second answer is a refusal too", async () => {
    const seen = serve((one) => (isRefresh(one) ? tokens(2) : problem("auth.invalid", 401)))
    await expect(call(flowsApi.list, {})).rejects.toMatchObject({ code: "auth.invalid" })
    expect(seen).toHaveLength(3)
  })
})
