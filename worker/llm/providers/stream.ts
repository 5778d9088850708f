import type { FinishReason } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { failureOfError, failureOfFetch, failureOfResponse, readError, vendorError } from "../http-failure.ts"
import type { ProviderIo, ProviderPart } from "../provider.ts"
import type { Account } from "./account.ts"
import { isOfAnswer, reportedIn } from "./reported.ts"
import { sendThrough, type CallOptions, type LanguageModel, type StreamPart } from "./library.ts"

/** One streaming request by a model of the library, with the vendor's own headers put on at the door. */
export async function* streamLibrary(
  model: LanguageModel,
  options: CallOptions,
  account: Account,
  headers: Record<string, string>,
  io: ProviderIo,
): AsyncGenerator<ProviderPart, void, undefined> {
  const secrets = [account.api_key]
  sendThrough(io.signal, streamingFetch(io, headers, secrets))
  const asked = { ...options, abortSignal: io.signal, includeRawChunks: true }
  const reader = (await begun(model, asked, secrets)).getReader()
  let hasBegun = false
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw broken(error)
      })
      if (done) return
      if (value.type === "raw") {
        const usage = reportedIn(value.rawValue)
        if ((usage === undefined && hasBegun) || !isOfAnswer(value.rawValue)) continue
        hasBegun = true
        yield { type: "begun", usage }
        continue
      }
      const part = toPart(value, secrets)
      if (part) yield part
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

async function begun(
  model: LanguageModel,
  options: CallOptions,
  secrets: readonly (string | undefined)[],
): Promise<ReadableStream<StreamPart>> {
  try {
    return (await model.doStream(options)).stream
  } catch (error) {
    throw refused(error, secrets)
  }
}

/** A connection that breaks after its first line; a refusal or time limit of the guard stays what it is. */
function broken(error: unknown): unknown {
  const failure = failureOfFetch(error)
  return failure instanceof ModelFailure && failure.code === "model.unreachable"
    ? new ModelFailure("model.stream_broken")
    : failure
}

type ApiCallError = Error & { statusCode?: number; responseBody?: string }

/** What the library throws before the first part: our own failure, an error that came as the first line, or a prompt it cannot say. */
function refused(error: unknown, secrets: readonly (string | undefined)[]): unknown {
  if (!(error instanceof Error) || !error.name.startsWith("AI_")) return error
  const { statusCode, responseBody } = error as ApiCallError
  if (responseBody !== undefined) return failureOfError(statusCode, vendorError(responseBody), secrets)
  return error.name === "AI_APICallError" ? failureOfFetch(error.cause) : unsayable(error, secrets)
}

/** Something in the call that this vendor's protocol has no word for. */
const unsayable = ({ message }: Error, secrets: readonly (string | undefined)[]): ModelFailure =>
  failureOfError(400, { message }, secrets)

const finishReasons: Record<string, FinishReason> = {
  stop: "stop",
  length: "length",
  "content-filter": "content_filter",
  "tool-calls": "tool_calls",
}

function toPart(part: StreamPart, secrets: readonly (string | undefined)[]): ProviderPart | undefined {
  switch (part.type) {
    case "text-delta":
      return part.delta === "" ? undefined : { type: "delta", text: part.delta }
    case "reasoning-delta":
      return { type: "thinking", text: part.delta }
    case "tool-input-start":
      return { type: "calling", id: part.id, text: `${part.toolName} ` }
    case "tool-input-delta":
      return { type: "calling", id: part.id, text: part.delta }
    case "tool-call":
      return part.providerExecuted ? undefined : toToolCall(part)
    case "error":
      throw failureInStream(part.error, secrets)
    case "finish":
      return toEnd(part)
    default:
      return undefined
  }
}

/** Gemini signs its calls, and takes them back with their signature only. https://ai.google.dev/gemini-api/docs/thought-signatures */
function toToolCall(part: Extract<StreamPart, { type: "tool-call" }>): ProviderPart {
  const signature = part.providerMetadata?.["google"]?.["thoughtSignature"]
  return {
    type: "tool_call",
    id: part.toolCallId,
    name: part.toolName,
    arguments: part.input,
    signature: typeof signature === "string" ? signature : undefined,
  }
}

type Finish = Extract<StreamPart, { type: "finish" }>

/** A library that saw no last word of the vendor makes one up; its raw reason is then missing. */
function toEnd({ finishReason, usage: { inputTokens, outputTokens } }: Finish): ProviderPart {
  if (finishReason.raw === undefined) throw new ModelFailure("model.stream_broken")
  return {
    type: "end",
    finish_reason: finishReasons[finishReason.unified] ?? "other",
    usage: {
      input_tokens: inputTokens.total,
      output_tokens: outputTokens.total,
      cache_read_tokens: inputTokens.cacheRead,
      cache_write_tokens: inputTokens.cacheWrite,
      reasoning_tokens: outputTokens.reasoning,
    },
  }
}

/** An error that a vendor sends inside of the stream, or one of the parser about what came. */
function failureInStream(error: unknown, secrets: readonly (string | undefined)[]): ModelFailure {
  return error instanceof Error
    ? new ModelFailure("model.stream_broken")
    : failureOfError(undefined, readError(error), secrets)
}

/** Names under which the library would send the key that it was given in place of the real one. */
const keyHeaders = ["authorization", "x-api-key", "x-goog-api-key"]

/** Turns everything but a stream into a failure of ours, before the library makes an error of it that repeats the request. */
function streamingFetch(
  { fetch: send, idempotency_key }: ProviderIo,
  own: Record<string, string>,
  secrets: readonly (string | undefined)[],
): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit) => {
    const headers = new Headers(init?.headers)
    for (const name of keyHeaders) headers.delete(name)
    for (const [name, value] of Object.entries(own)) headers.set(name, value)
    if (idempotency_key !== undefined) headers.set("idempotency-key", idempotency_key)
    const response = await send(input, { ...init, headers }).catch((error: unknown) => {
      throw failureOfFetch(error)
    })
    if (!response.ok) throw await failureOfResponse(response, secrets, Date.now())
    const type = response.headers.get("content-type") ?? ""
    if (/^text\/event-stream\b/i.test(type)) return response
    await response.body?.cancel()
    throw new ModelFailure("model.stream_broken", {
      retry: false,
      message: `The address answers with ${type.split(";")[0]!.slice(0, 60) || "nothing named"} instead of a stream. Is the base URL right?`,
    })
  }
}
