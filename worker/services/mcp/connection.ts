import type { McpStep } from "#core/execution/steps/outward"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { EgressRefused } from "#worker/egress/refused"
import { cleanerOf, type Cleaner } from "#worker/services/http-step/clean"
import { addCredential, assertReceiver } from "#worker/services/http-step/credential"
import {
  credentialOf,
  failureOfThrown,
  judged,
  sealHeaders,
  type HttpDeps,
} from "#worker/services/http-step/call"
import { HttpFailure } from "#worker/services/http-step/failure"
import { bodyValue } from "#worker/services/http-step/reply"
import { headersOf, mostRequestBytes } from "#worker/services/http-step/request"
import { McpFailure } from "./failure.ts"
import { eventData } from "./sse.ts"

/** Where a server is, and what it is shown of us. */
export type McpServer = Pick<McpStep, "url" | "headers" | "sealed" | "credential_id">

/** What a server answered to one message: a result, an error of its own, or nothing that its protocol knows. */
export type Answer = {
  status: number
  session: string | undefined
  result: JsonObject | undefined
  error: { code: number; message: string; data: Json } | undefined
}

export type Message = { method: string; params?: JsonObject; id?: number }

/** How one message is sent, beside what all are sent with. */
export type Sending = {
  headers: Record<string, string>
  signal: AbortSignal
  /** Told of what a server says before it answers. */
  told?: ((method: string, params: JsonObject) => void) | undefined
}

const mostBytes = 4 * 1024 * 1024
const mostExcerpt = 500

/** One MCP server, as one call or listing speaks to it. */
export class McpConnection {
  readonly url: URL
  readonly #headers: Headers
  readonly #clean: Cleaner
  readonly #send: typeof fetch

  private constructor(url: URL, headers: Headers, clean: Cleaner, send: typeof fetch) {
    this.url = url
    this.#headers = headers
    this.#clean = clean
    this.#send = send
  }

  /** Judges the address and takes the credentials along; sends nothing yet. */
  static async to(deps: HttpDeps, server: McpServer): Promise<McpConnection> {
    const checked = judged(server.url, deps.allow)
    const url = new URL(checked.url)
    const headers = headersOf(server.headers)
    headers.set("accept", "application/json, text/event-stream")
    headers.set("content-type", "application/json")
    const credential = await credentialOf(deps, server.credential_id)
    if (credential) assertReceiver(credential, checked)
    const unseen = credential ? addCredential(credential, { url, headers }) : []
    const { headers: sealed_headers, secrets } = server.sealed
    unseen.push(...(await sealHeaders(deps, { sealed_headers, secrets }, checked, headers)))
    const clean = cleanerOf(unseen)
    const send = deps.out({
      maxBytes: mostBytes,
      judgeRedirect: (from, to) => {
        if (from.origin !== to.origin)
          throw new EgressRefused("redirect", "An MCP server may not send its callers elsewhere.")
      },
    })
    return new McpConnection(url, headers, clean, send)
  }

  /** Sends a message. What goes wrong on the way is thrown as an HttpFailure; a refusal in the protocol's own words is an answer. */
  async post(message: Message, { headers: more, signal, told }: Sending): Promise<Answer> {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message })
    if (body.length > mostRequestBytes)
      throw HttpFailure.of("http.too_large", `The call is larger than ${mostRequestBytes} bytes.`)
    const headers = new Headers(this.#headers)
    for (const [name, value] of Object.entries(more)) headers.set(name, value)
    try {
      const answer = await this.#send(this.url.href, { method: "POST", headers, body, signal })
      return await this.#read(answer, message.id, told)
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof McpFailure ? error : failureOfThrown(error, this.url.hostname)
    }
  }

  /** Says goodbye to a session of an old server, which may not care. */
  async leave(headers: Record<string, string>, signal: AbortSignal): Promise<void> {
    const all = new Headers(this.#headers)
    for (const [name, value] of Object.entries(headers)) all.set(name, value)
    const answer = await this.#send(this.url.href, { method: "DELETE", headers: all, signal })
    await answer.body?.cancel()
  }

  async #read(answer: Response, id: number | undefined, told: Sending["told"]): Promise<Answer> {
    const { status } = answer
    const session = answer.headers.get("mcp-session-id") ?? undefined
    const nothing: Answer = { status, session, result: undefined, error: undefined }
    if (id === undefined || status === 202) {
      await answer.body?.cancel()
      return nothing
    }
    const type = answer.headers.get("content-type") ?? ""
    if (/^text\/event-stream\b/i.test(type) && answer.body) {
      for await (const text of eventData(answer.body)) {
        const message = this.#value(new TextEncoder().encode(text))
        if (!isJsonObject(message)) continue
        if (isAnswerTo(message, id)) return { ...nothing, ...outcome(message) }
        if (typeof message["method"] === "string" && message["id"] === undefined)
          told?.(message["method"], isJsonObject(message["params"]) ? message["params"] : {})
      }
      throw HttpFailure.of("http.network", `The answer of ${this.url.hostname} broke off.`)
    }
    const value = this.#value(new Uint8Array(await answer.arrayBuffer()))
    if (!isJsonObject(value) || !isAnswerTo(value, id)) return nothing
    return { ...nothing, ...outcome(value) }
  }

  /** JSON without its secrets and no deeper than can be walked through; undefined for anything else. */
  #value(bytes: Uint8Array): Json {
    return bodyValue(bytes, "application/json", this.#clean)
  }
}

/** A refusal may come before the server has read which request it is of. */
const isAnswerTo = (message: JsonObject, id: number): boolean =>
  message["jsonrpc"] === "2.0" &&
  (message["id"] === id || (isJsonObject(message["error"]) && (message["id"] ?? null) === null))

function outcome({ result, error }: JsonObject): Pick<Answer, "result" | "error"> {
  if (isJsonObject(error) && typeof error["code"] === "number") {
    const message = typeof error["message"] === "string" ? error["message"].slice(0, mostExcerpt) : ""
    return { result: undefined, error: { code: error["code"], message, data: error["data"] ?? null } }
  }
  return { result: isJsonObject(result) ? result : undefined, error: undefined }
}
