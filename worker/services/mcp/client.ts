import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import { answerOfResult, headerText, legacyMcpVersion, mcpVersion, wordsOfResult } from "#core/tool/mcp"
import type { McpCall } from "#durable/execution/mcp-port"
import { BoundedCache } from "#worker/cache"
import type { HttpDeps } from "#worker/services/http-step/call"
import { HttpFailure } from "#worker/services/http-step/failure"
import { McpConnection, type Answer, type McpServer, type Sending } from "./connection.ts"
import { McpFailure } from "./failure.ts"

const client = { name: "Edgecrew", version: "1" }

/** Errors that only servers of the stateless protocol give (2026-07-28, "Error Codes"). */
const [headerMismatch, missingCapability, unsupportedVersion] = [-32020, -32021, -32022]

/** Old versions that are spoken here; what a server answers with is what is spoken. */
const legacyVersions: readonly string[] = [legacyMcpVersion, "2025-06-18", "2025-03-26"]

type Era = "modern" | "legacy"

/** What a server speaks is the server's: remembered for a while, and asked again when it turns out otherwise. */
const eras = new BoundedCache<string, Era>(1_000)
const eraMs = 600_000

/** A conversation that has begun: it asks one thing after another. */
type Talk = {
  ask(method: string, params: JsonObject, sending: Ask): Promise<Answer>
  cancel(): Promise<void>
  end(): Promise<void>
}
type Ask = { signal: AbortSignal; headers?: Record<string, string>; told?: Sending["told"] }

/** Calls a tool, as `CallMcp` of the port says. */
export async function callTool(
  deps: HttpDeps,
  call: McpCall,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<Json> {
  const params = { name: call.tool_name, arguments: call.arguments }
  const meta = { progressToken: 1, "dev.edgecrew/idempotency_key": call.idempotency_key }
  const headers = { "idempotency-key": headerText(call.idempotency_key), ...call.mirrored }
  const ask = {
    signal,
    headers,
    told: (method: string, said: JsonObject) => log(progressWords(method, said)),
  }
  return talking(deps, call, signal, async (talk) => {
    const answer = await talk.ask("tools/call", { ...params, _meta: meta }, ask)
    return toolAnswer(answer, call.tool_name, call.url)
  })
}

/** One tool as a server lists it, not yet judged. */
export type ListedTool = JsonObject

const mostPages = 20
export const mostListed = 500

/** The tools of a server. A server that never comes to the end of its list is stopped. */
export async function listTools(
  deps: HttpDeps,
  server: McpServer,
  signal: AbortSignal,
): Promise<{ tools: ListedTool[]; isCut: boolean }> {
  return talking(deps, server, signal, async (talk) => {
    const tools: ListedTool[] = []
    let cursor: string | undefined
    const seen = new Set<string>()
    for (let page = 0; page < mostPages && tools.length < mostListed; page++) {
      const answer = await talk.ask("tools/list", cursor === undefined ? {} : { cursor }, { signal })
      const result = resultOf(answer, server.url)
      if (!Array.isArray(result["tools"]))
        throw new McpFailure("mcp.bad_answer", "The server's list of tools is no list.")
      tools.push(...result["tools"].filter(isJsonObject))
      const next = result["nextCursor"]
      if (typeof next !== "string")
        return { tools: tools.slice(0, mostListed), isCut: tools.length > mostListed }
      if (seen.has(next)) break
      seen.add(next)
      cursor = next
    }
    return { tools: tools.slice(0, mostListed), isCut: true }
  })
}

/** Finds out what the server speaks, speaks it, and leaves; an old server is told when the caller gave up. */
async function talking<T>(
  deps: HttpDeps,
  server: McpServer,
  signal: AbortSignal,
  work: (talk: Talk) => Promise<T>,
): Promise<T> {
  const connection = await McpConnection.to(deps, server)
  const key = connection.url.origin + connection.url.pathname
  for (let isSecond = false; ; isSecond = true) {
    const known = eras.get(key, deps.now())
    const era = known ?? (await eraOf(connection, signal))
    const talk = era === "modern" ? modernTalk(connection) : await legacyTalk(connection, signal)
    eras.set(key, era, deps.now() + eraMs)
    try {
      return await work(talk)
    } catch (error) {
      if (error instanceof OtherEra && known !== undefined && !isSecond) {
        eras.delete(key)
        continue
      }
      if (signal.aborted) await talk.cancel()
      throw error instanceof OtherEra ? new McpFailure("mcp.refused", error.message) : error
    } finally {
      await talk.end()
    }
  }
}

/** The server says that it does not speak as we do, so nothing was done. */
class OtherEra extends Error {}

/** Asks for nothing but what the server is, which no server takes for a deed. */
async function eraOf(connection: McpConnection, signal: AbortSignal): Promise<Era> {
  const answer = await modernTalk(connection).ask("server/discover", {}, { signal })
  const { status, result, error } = answer
  const offered =
    result?.["supportedVersions"] ?? (isJsonObject(error?.data) ? error.data["supported"] : undefined)
  if (Array.isArray(offered)) {
    if (offered.includes(mcpVersion)) return "modern"
    if (offered.some((one) => legacyVersions.includes(asText(one)))) return "legacy"
    throw new McpFailure(
      "mcp.refused",
      `The server speaks ${offered.map(asText).join(", ").slice(0, 200)} of the protocol, which is not known here.`,
    )
  }
  if (error?.code === headerMismatch || error?.code === missingCapability)
    throw new McpFailure("mcp.refused", error.message)
  if (status === 401 || status === 403 || status === 407 || status === 429 || status >= 500)
    throw refusedBy(connection.url, status)
  return "legacy"
}

const refusedBy = (url: URL, status: number): HttpFailure =>
  HttpFailure.ofStatus(status, `${url.hostname} answered ${status}.`, undefined)

/** Every request says by itself who asks and in which version; to close it is to cancel it. */
function modernTalk(connection: McpConnection): Talk {
  let id = 0
  return {
    async ask(method, { _meta = {}, ...params }, { headers = {}, ...sending }) {
      const meta = {
        ...(isJsonObject(_meta) ? _meta : {}),
        "io.modelcontextprotocol/protocolVersion": mcpVersion,
        "io.modelcontextprotocol/clientInfo": client,
        "io.modelcontextprotocol/clientCapabilities": {},
      }
      const name = params["name"]
      const answer = await connection.post(
        { id: ++id, method, params: { ...params, _meta: meta } },
        {
          ...sending,
          headers: {
            ...headers,
            "mcp-protocol-version": mcpVersion,
            "mcp-method": method,
            ...(typeof name === "string" ? { "mcp-name": headerText(name) } : {}),
          },
        },
      )
      if (method !== "server/discover" && isOtherEra(answer))
        throw new OtherEra(answer.error?.message ?? "The server does not speak this version of the protocol.")
      return answer
    },
    cancel: async () => {},
    end: async () => {},
  }
}

/** A refusal that a server of another age gives before it does anything. */
const isOtherEra = ({ status, error, result }: Answer): boolean =>
  error?.code === unsupportedVersion || (status === 400 && result === undefined && error === undefined)

const farewellMs = 2_000

/** A handshake first, and a session as long as this conversation, shared with nobody. */
async function legacyTalk(connection: McpConnection, signal: AbortSignal): Promise<Talk> {
  let id = 0
  const params = { protocolVersion: legacyMcpVersion, capabilities: {}, clientInfo: client }
  const begun = await connection.post({ id: ++id, method: "initialize", params }, { headers: {}, signal })
  const version = resultOf(begun, connection.url.href)["protocolVersion"]
  if (typeof version !== "string" || !legacyVersions.includes(version))
    throw new McpFailure(
      "mcp.refused",
      `The server speaks version ${asText(version ?? "unknown").slice(0, 40)}, which is not known here.`,
    )
  const headers = {
    "mcp-protocol-version": version,
    ...(begun.session === undefined ? {} : { "mcp-session-id": begun.session }),
  }
  await connection.post({ method: "notifications/initialized" }, { headers, signal })
  const quietly = (act: () => Promise<unknown>) => act().catch(() => undefined)
  return {
    ask: (method, asked, { headers: more = {}, ...sending }) =>
      connection.post({ id: ++id, method, params: asked }, { ...sending, headers: { ...more, ...headers } }),
    cancel: async () => {
      const message = { method: "notifications/cancelled", params: { requestId: id, reason: "cancelled" } }
      await quietly(() => connection.post(message, { headers, signal: AbortSignal.timeout(farewellMs) }))
    },
    end: async () => {
      if (begun.session !== undefined)
        await quietly(() => connection.leave(headers, AbortSignal.timeout(farewellMs)))
    },
  }
}

/** The result of an answer, or why there is none. */
function resultOf({ status, result, error }: Answer, url: string): JsonObject {
  if (error)
    throw new McpFailure("mcp.refused", error.message || `The server refuses the call (${error.code}).`)
  if (result) return result
  if (status >= 400) throw refusedBy(new URL(url), status)
  throw new McpFailure("mcp.bad_answer")
}

const invalidParams = -32602
const mostWords = 2_000

function toolAnswer(answer: Answer, tool: string, url: string): Json {
  const said = answer.error?.message ?? ""
  if (answer.error?.code === invalidParams && /unknown tool|tool.{0,200}not found/i.test(said))
    throw new McpFailure("mcp.unknown_tool", `The server has no tool ${tool}.`)
  const result = resultOf(answer, url)
  if (result["resultType"] === "input_required") throw new McpFailure("mcp.needs_input")
  if (result["isError"] === true)
    throw new McpFailure("mcp.tool_error", wordsOfResult(result).slice(0, mostWords) || undefined)
  if (result["structuredContent"] === undefined && !Array.isArray(result["content"]))
    throw new McpFailure("mcp.bad_answer", "The server's answer has no content.")
  return answerOfResult(result)
}

/** What a server says on the way, in a line. */
function progressWords(method: string, params: JsonObject): string {
  const { progress, total, message, data } = params
  if (method === "notifications/progress") {
    const far = typeof total === "number" ? `${asText(progress ?? 0)} of ${total}` : asText(progress ?? 0)
    return `Progress ${far}${typeof message === "string" ? `: ${message}` : ""}`.slice(0, mostWords)
  }
  if (method !== "notifications/message") return method.slice(0, 200)
  return (typeof data === "string" ? data : JSON.stringify(data ?? null)).slice(0, mostWords)
}
