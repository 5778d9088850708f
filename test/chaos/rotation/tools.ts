import { startHttpServer, type HttpServer } from "../../kit/http-server.ts"
import { startMcpServer, type McpTestServer } from "../../kit/mcp-server.ts"
import type { Client } from "../kit/client.ts"
import { draw } from "../kit/draw.ts"

/** The secrets of tools, each in a place of its own. */
export type ToolSecrets = Record<"header" | "bearer" | "operation" | "mcp" | "mcpHeader" | "env", string>

export type Workshop = {
  echo: HttpServer
  mcp: McpTestServer
  close: () => Promise<void>
}

/** A server that repeats whatever it is sent, and one of the MCP. */
export async function openWorkshop(): Promise<Workshop> {
  const [echo, mcp] = await Promise.all([startHttpServer(), startMcpServer("modern")])
  return { echo, mcp, close: async () => void (await Promise.all([echo.close(), mcp.close()])) }
}

/** Prints its secret in two spellings, names a file by it and answers with it: all of which is to be cleaned. */
const telling = `
import base64, json, os, sys
key = os.environ["KEY"]
print("the key is", key, flush=True)
print(base64.b64encode(key.encode()).decode(), file=sys.stderr, flush=True)
open("/box/out/" + key[:60], "w").write("no secret")
print(json.dumps({"key": key, "parts": [key], key: True}))
`

/** A flow in which tools of every kind that can have a secret use one, at servers and in a program that repeat it. */
export async function furnishTools(
  client: Client,
  { echo, mcp }: Workshop,
  secrets: ToolSecrets,
  sealed: (secret: string) => Promise<string>,
): Promise<string> {
  const ids = Object.fromEntries(
    await Promise.all(Object.entries(secrets).map(async ([name, secret]) => [name, await sealed(secret)])),
  ) as ToolSecrets
  const made = async (name: string, kind: string, execution_config: object, more: object = {}) => {
    const body = { name, description: "Uses a key.", kind, execution_config, ...more }
    const { status, text } = await client.request("POST", "/tools", body)
    if (status !== 201) throw new Error(`A tool was answered ${status}: ${text}`)
    return (JSON.parse(text) as { tool: { id: string } }).tool.id
  }
  const keyed = (name: keyof ToolSecrets) => ({ credentials: { key: ids[name] } })
  const headers = { "x-own-key": "{{ credentials.key }}" }
  const tools = {
    asks: await made(
      "asks",
      "http",
      { method: "POST", url: `${echo.url}/echo/http`, headers, credential_id: ids.bearer, may_repeat: true },
      keyed("header"),
    ),
    orders: await made("orders", "openapi", {
      operation_id: "order",
      server_url: echo.url,
      method: "POST",
      path: "/echo/openapi",
      credential_id: ids.operation,
      may_repeat: true,
    }),
    finds: await made(
      "finds",
      "mcp",
      { url: mcp.url, tool_name: "find_order", headers, credential_id: ids.mcp, may_repeat: true },
      keyed("mcpHeader"),
    ),
    tells: await made(
      "tells",
      "container",
      { runtime: "python", source: telling, env: { KEY: "{{ credentials.key }}" }, may_repeat: true },
      keyed("env"),
    ),
  }
  const retry = { max_attempts: 5, backoff_ms: 200 }
  const steps = Object.entries(tools).map(([id, tool_id]) => ({
    id,
    type: "tool",
    data: { tool_id, inputs: id === "finds" ? { order: "A-7" } : {}, retry },
  }))
  const names = ["input", ...Object.keys(tools), "output"]
  return client.publish(
    draw(
      "Tools with keys",
      [
        { id: "input", type: "input", data: {} },
        ...steps,
        { id: "output", type: "output", data: { value: "{{ nodes }}" } },
      ],
      names.slice(1).map((name, i) => [names[i]!, name]),
    ),
  )
}

/** What came to the servers without the key that belongs to it, and what never came. */
export function wrongAtTools({ echo, mcp }: Workshop, secrets: ToolSecrets): string[] {
  const faults: string[] = []
  const expect = (
    what: string,
    all: readonly Record<string, string>[],
    header: string,
    value: string,
  ): void => {
    if (all.length === 0) faults.push(`no call of ${what} came at all`)
    for (const headers of all)
      if (headers[header] !== value) faults.push(`a call of ${what} came with ${headers[header] ?? "no key"}`)
  }
  const at = (path: string) => echo.received.filter((one) => one.path === path).map(({ headers }) => headers)
  expect("the http tool", at("/echo/http"), "x-own-key", secrets.header)
  expect("the http tool", at("/echo/http"), "authorization", `Bearer ${secrets.bearer}`)
  expect("the operation", at("/echo/openapi"), "authorization", `Bearer ${secrets.operation}`)
  const asked = mcp.received.filter(({ method }) => method === "tools/call").map(({ headers }) => headers)
  expect("the MCP tool", asked, "authorization", `Bearer ${secrets.mcp}`)
  expect("the MCP tool", asked, "x-own-key", secrets.mcpHeader)
  return faults
}
