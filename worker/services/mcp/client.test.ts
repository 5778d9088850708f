import type { ServerResponse } from "node:http"
import { afterEach, describe, expect, it, vi } from "vitest"
import type { McpCall } from "#durable/execution/mcp-port"
import { faultOf } from "#durable/execution/fault"
import { TenantId } from "#core/ids"
import { guardedFetch } from "#worker/egress/guard"
import type { ResolvedCredential } from "#worker/services/credentials/resolve"
import type { HttpDeps } from "#worker/services/http-step/call"
import {
  startMcpServer,
  startOddServer,
  type Era,
  type McpReceived,
  type McpTestServer,
} from "#test/kit/mcp-server"
import { ssrfUrls } from "#test/kit/ssrf-urls"
import { callTool, listTools } from "./client.ts"

const servers: McpTestServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => one.close()))
})
const kept = (server: McpTestServer): McpTestServer => {
  servers.push(server)
  return server
}

const credential: ResolvedCredential = {
  name: "Shop",
  kind: "bearer",
  config: {},
  secret: "canary-secret-1",
  allowed_hosts: ["127.0.0.1"],
}

const depsFor = (...known: McpTestServer[]): HttpDeps => {
  const allow = known.map((one) => one.host)
  return {
    out: (limits) => guardedFetch({ allow, ...limits }),
    allow,
    credential: async (id) => (id === "cred_1" ? credential : undefined),
    now: () => Date.now(),
  }
}

const callOf = (server: { url: string }, tool_name: string, more: Partial<McpCall> = {}): McpCall => ({
  tenant: { id: TenantId.parse("tenant_01JD0000000000000000000000"), slot: "TENANT_1" },
  url: server.url,
  tool_name,
  arguments: {},
  headers: {},
  mirrored: {},
  sealed: { headers: {}, secrets: {} },
  credential_id: undefined,
  timeout_ms: undefined,
  idempotency_key: "exec_1::ask:1",
  ...more,
})

const never = () => new AbortController().signal
const called = (server: McpTestServer, tool: string, more: Partial<McpCall> = {}, log: string[] = []) =>
  callTool(depsFor(server), callOf(server, tool, more), never(), (text) => log.push(text))

const faultIn = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ code: "no failure", message: JSON.stringify(value) }),
    (error: unknown) => faultOf(error),
  )

const eras: Era[] = ["modern", "legacy-stateless", "legacy-sessions"]

describe.each(eras)("a tool of the official server (%s)", (era) => {
  it("is called, and answers with text or structure", async () => {
    const server = kept(await startMcpServer(era))
    expect(await called(server, "find_order", { arguments: { order: "A-7" } })).toBe(
      "Order A-7 is on its way",
    )
    expect(await called(server, "price", { arguments: { order: "A-7" } })).toEqual({ cents: 300 })
    const calls = server.received.filter((one) => one.method === "tools/call")
    expect(calls.map((one) => one.headers["idempotency-key"])).toEqual(["exec_1::ask:1", "exec_1::ask:1"])
    expect(calls[0].params["_meta"]).toMatchObject({ "dev.edgecrew/idempotency_key": "exec_1::ask:1" })
    if (era === "modern") {
      expect(server.methods()).toEqual(["server/discover", "tools/call", "tools/call"])
      expect(calls[0].headers).toMatchObject({
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "find_order",
        accept: "application/json, text/event-stream",
      })
    } else {
      expect(server.methods()[1]).toBe("initialize")
      expect(calls[0].headers["mcp-protocol-version"]).toBe("2025-11-25")
    }
    // A session is one call's, and ended with it.
    if (era === "legacy-sessions") {
      expect(server.methods().filter((one) => one === "DELETE")).toHaveLength(2)
      expect(new Set(calls.map((one) => one.headers["mcp-session-id"])).size).toBe(2)
    }
  })

  it("tells of its progress", async () => {
    const log: string[] = []
    expect(await called(kept(await startMcpServer(era)), "slowly", {}, log)).toBe("done")
    expect(log).toEqual(["Progress 1 of 2: part 1", "Progress 2 of 2: part 2"])
  })

  it("fails in its own words, and one that is not there by name", async () => {
    const server = kept(await startMcpServer(era))
    expect(await faultIn(called(server, "broken"))).toMatchObject({
      code: "mcp.tool_error",
      message: "The date must be in the future.",
      retry: false,
    })
    expect(await faultIn(called(server, "no_such_tool"))).toMatchObject({ code: "mcp.unknown_tool" })
  })

  it("is listed with what it takes", async () => {
    const server = kept(await startMcpServer(era))
    const { tools, isCut } = await listTools(depsFor(server), callOf(server, ""), never())
    expect(isCut).toBe(false)
    expect(tools.map((one) => one["name"])).toEqual(["find_order", "price", "slowly", "broken", "hang"])
    expect(tools[0]).toMatchObject({
      annotations: { readOnlyHint: true },
      inputSchema: { required: ["order"] },
    })
  })

  it("[EX] is told when the caller gives up", async () => {
    const server = kept(await startMcpServer(era))
    const stop = new AbortController()
    const call = callTool(depsFor(server), callOf(server, "hang"), stop.signal, () => {})
    const ended = expect(call).rejects.toThrow("cancelled by a person")
    await vi.waitFor(() => expect(server.methods()).toContain("tools/call"))
    stop.abort(new Error("cancelled by a person"))
    await ended
    await vi.waitFor(() =>
      expect(server.received.find((one) => one.method === "tools/call")!.isLeft).toBe(true),
    )
    if (era !== "modern") expect(server.methods()).toContain("notifications/cancelled")
  })
})

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value))

/** A server of today that answers every call so. */
const odd = async (
  answer: (received: McpReceived & { id: unknown }, response: ServerResponse) => void,
): Promise<McpTestServer> =>
  kept(
    await startOddServer((received, response) => {
      if (received.method !== "server/discover") return answer(received, response)
      return json(response, {
        jsonrpc: "2.0",
        id: received.id,
        result: {
          resultType: "complete",
          supportedVersions: ["2026-07-28"],
          capabilities: {},
          serverInfo: {},
        },
      })
    }),
  )

const content = [{ type: "text", text: "fine" }]

describe("a server that does not keep to its protocol", () => {
  const said = async (answer: (received: McpReceived & { id: unknown }, response: ServerResponse) => void) =>
    faultIn(called(await odd(answer), "any"))

  it("is a failure with a code, never an answer", async () => {
    const of = (value: object) => said(({ id }, response) => json(response, { jsonrpc: "2.0", id, ...value }))
    expect(await of({ result: {} })).toMatchObject({ code: "mcp.bad_answer" })
    expect(await of({ result: "fine" })).toMatchObject({ code: "mcp.bad_answer" })
    expect(await of({ id: 99, result: { content } })).toMatchObject({ code: "mcp.bad_answer" })
    expect(await of({ jsonrpc: "1.0", result: { content } })).toMatchObject({ code: "mcp.bad_answer" })
    expect(await of({ error: { code: -32603, message: "out of order" } })).toMatchObject({
      code: "mcp.refused",
      message: "out of order",
    })
    expect(await of({ result: { resultType: "input_required", inputRequests: {} } })).toMatchObject({
      code: "mcp.needs_input",
    })
    expect(await said((_, response) => response.end("<html>"))).toMatchObject({ code: "mcp.bad_answer" })
    expect(await said((_, response) => json(response, {}, 401))).toMatchObject({
      code: "http.status_401",
      retry: false,
    })
    expect(await said((_, response) => json(response, {}, 503))).toMatchObject({
      code: "http.status_503",
      retry: true,
    })
    const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`
    expect(
      await said(({ id }, response) =>
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(`{"jsonrpc":"2.0","id":${String(id)},"result":${deep}}`),
      ),
    ).toMatchObject({ code: "mcp.bad_answer" })
  })

  it("that says too much, or breaks off, or says nothing, is cut", async () => {
    const stream = (response: ServerResponse) =>
      response.writeHead(200, { "content-type": "text/event-stream" })
    expect(
      await said((_, response) => {
        stream(response)
        const line = `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${"x".repeat(100_000)}"}}\n\n`
        for (let i = 0; i < 60; i++) response.write(line)
      }),
    ).toMatchObject({ code: "http.too_large" })
    expect(await said((_, response) => json(response, "x".repeat(5_000_000)))).toMatchObject({
      code: "http.too_large",
    })
    expect(await said((_, response) => stream(response).end(": hello\n\ndata: {\n\n"))).toMatchObject({
      code: "http.network",
    })
    expect(await said((_, response) => response.destroy())).toMatchObject({
      code: "http.network",
      retry: true,
    })
    const server = await odd((_, response) => stream(response).write(": keep-alive\n\n"))
    const late = callTool(depsFor(server), callOf(server, "any"), AbortSignal.timeout(150), () => {})
    expect(await faultIn(late)).toMatchObject({ code: "step.timeout" })
    await vi.waitFor(() => expect(server.received.at(-1)!.isLeft).toBe(true))
  })

  it("cannot have its stream's words taken for its answer, and is understood in any line ends", async () => {
    const server = await odd(({ id }, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" })
      const result = JSON.stringify({
        jsonrpc: "2.0",
        id,
        result: { content: [{ type: "text", text: "wörter" }] },
      })
      const [head, tail] = [result.slice(0, 20), result.slice(20)]
      response.write(
        `event: message\r\ndata: {"jsonrpc":"2.0","id":77,"result":{"content":[]}}\r\n\r\ndata: ${head}`,
      )
      const bytes = Buffer.from(`${tail}\r\r`)
      // Cut in the middle of a letter.
      const cut = bytes.indexOf(Buffer.from("ö")) + 1
      response.write(bytes.subarray(0, cut))
      setTimeout(() => response.end(bytes.subarray(cut)), 20)
    })
    expect(await called(server, "any")).toBe("wörter")
  })

  it("is sent nowhere else by it, with or without a secret", async () => {
    const other = await odd(({ id }, response) => json(response, { jsonrpc: "2.0", id, result: { content } }))
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await odd((_, response) => response.writeHead(status, { location: other.url }).end())
      const call = callOf(server, "any", { credential_id: "cred_1" })
      expect(await faultIn(callTool(depsFor(server, other), call, never(), () => {}))).toMatchObject({
        code: "http.redirect",
      })
    }
    expect(other.received).toEqual([])
  })

  it("whose list has no end, or goes in a circle, is stopped", async () => {
    let page = 0
    const endless = await odd(({ id }, response) =>
      json(response, {
        jsonrpc: "2.0",
        id,
        result: { tools: [{ name: `t${++page}` }], nextCursor: `c${page}` },
      }),
    )
    const list = (server: McpTestServer) => listTools(depsFor(server), callOf(server, ""), never())
    expect(await list(endless)).toMatchObject({ isCut: true, tools: { length: 20 } })
    const circle = await odd(({ id }, response) =>
      json(response, { jsonrpc: "2.0", id, result: { tools: [{ name: "a" }], nextCursor: "same" } }),
    )
    expect(await list(circle)).toMatchObject({ isCut: true, tools: { length: 2 } })
    const none = await odd(({ id }, response) =>
      json(response, { jsonrpc: "2.0", id, result: { tools: {} } }),
    )
    expect(await faultIn(list(none))).toMatchObject({ code: "mcp.bad_answer" })
  })

  it("that changes its age between two calls is asked again what it is", async () => {
    let isOld = false
    const server = kept(
      await startOddServer(({ method, id }, response) => {
        const result = (value: unknown) => json(response, { jsonrpc: "2.0", id, result: value })
        if (method === "initialize")
          return result({ protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} })
        if (method.startsWith("notifications/")) return response.writeHead(202).end()
        if (method === "server/discover")
          return isOld ? json(response, {}, 400) : result({ supportedVersions: ["2026-07-28"] })
        if (isOld && !server.methods().includes("initialize")) return json(response, {}, 400)
        return result({ content })
      }),
    )
    expect(await called(server, "any")).toBe("fine")
    isOld = true
    expect(await called(server, "any")).toBe("fine")
    expect(server.methods()).toEqual([
      "server/discover",
      "tools/call",
      "tools/call",
      "server/discover",
      "initialize",
      "notifications/initialized",
      "tools/call",
    ])
  })

  it("that speaks nothing we know says so", async () => {
    const server = kept(
      await startOddServer(({ id }, response) =>
        json(
          response,
          { jsonrpc: "2.0", id, error: { code: -32022, message: "no", data: { supported: ["2030-01-01"] } } },
          400,
        ),
      ),
    )
    expect(await faultIn(called(server, "any"))).toMatchObject({
      code: "mcp.refused",
      message: expect.stringContaining("2030-01-01") as string,
    })
  })
})

describe("what goes to a server", () => {
  const echo = () =>
    odd(({ id, headers }, response) =>
      json(response, { jsonrpc: "2.0", id, result: { structuredContent: { headers }, content: [] } }),
    )

  it("is the tenant's headers, mirrored arguments and secrets, which never come back", async () => {
    const server = await echo()
    const answer = await called(server, "größe", {
      headers: { "x-own": "yes", host: "evil.example.com", accept: "text/html" },
      mirrored: { "Mcp-Param-Region": "eu" },
      sealed: { headers: { "x-key": "key={{ credentials.key }}" }, secrets: { key: "cred_1" } },
      credential_id: "cred_1",
    })
    const { headers } = server.received.at(-1)!
    expect(headers).toMatchObject({
      "x-own": "yes",
      host: server.host,
      accept: "application/json, text/event-stream",
      "mcp-param-region": "eu",
      "mcp-name": "=?base64?Z3LDtsOfZQ==?=",
      authorization: "Bearer canary-secret-1",
      "x-key": "key=canary-secret-1",
    })
    expect(JSON.stringify(answer)).not.toContain("canary")
    expect(answer).toMatchObject({ headers: { authorization: "Bearer [secret]" } })
  })

  it("is nothing where a credential is missing or not for this host", async () => {
    const server = await echo()
    expect(await faultIn(called(server, "any", { credential_id: "cred_2" }))).toMatchObject({
      code: "http.credential_missing",
    })
    const sealed = { headers: { "x-key": "{{ credentials.gone }}" }, secrets: {} }
    expect(await faultIn(called(server, "any", { sealed }))).toMatchObject({
      code: "http.credential_missing",
    })
    const deps = {
      ...depsFor(server),
      credential: async () => ({ ...credential, allowed_hosts: ["api.example.com"] }),
    }
    for (const more of [
      { credential_id: "cred_1" },
      { sealed: { headers: { "x-key": "{{ credentials.key }}" }, secrets: { key: "cred_1" } } },
    ])
      expect(await faultIn(callTool(deps, callOf(server, "any", more), never(), () => {}))).toMatchObject({
        code: "http.credential_host",
      })
    expect(server.received).toEqual([])
  })
})

describe("[A5] what no MCP tool may call", () => {
  it.each(Object.entries(ssrfUrls))("%s: nothing is sent, directly or by a redirect", async (_, urls) => {
    const fetched = vi.fn()
    const deps: HttpDeps = {
      ...depsFor(),
      out: (limits) => guardedFetch({ allow: [], fetch: fetched as unknown as typeof fetch, ...limits }),
    }
    for (const url of urls) {
      for (const work of [
        callTool(deps, callOf({ url }, "any"), never(), () => {}),
        listTools(deps, callOf({ url }, ""), never()),
      ])
        expect([url, (await faultIn(work)).code]).toEqual([
          url,
          expect.stringMatching(/^http\.(refused_address|bad_url)$/),
        ])
    }
    expect(fetched).not.toHaveBeenCalled()
  })
})
