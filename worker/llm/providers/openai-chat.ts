import * as z from "zod"
import type { ModelCall } from "#core/llm/call"
import type { FinishReason } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { failureOfError, failureOfFetch, failureOfResponse, readError } from "../http-failure.ts"
import type { ProviderIo, ProviderPart } from "../provider.ts"
import type { OpenAiAccess } from "../target.ts"
import { chatModel, sendThrough, type ChatDialect, type ChatModel } from "./chat-models.ts"
import { toOptions } from "./prompt.ts"
import { isStrictSchema } from "./strict-schema.ts"

/** Chat completions as OpenAI defined them, by the AI SDK's translation. */

export type ChatAccount = OpenAiAccess & { base_url: string }
type CallOptions = Parameters<ChatModel["doStream"]>[0]
type StreamPart =
  Awaited<ReturnType<ChatModel["doStream"]>>["stream"] extends ReadableStream<infer P> ? P : never
type Finish = Extract<StreamPart, { type: "finish" }>

export async function* streamChat(
  dialect: ChatDialect,
  account: ChatAccount & { model: string },
  call: ModelCall,
  io: ProviderIo,
): AsyncGenerator<ProviderPart, void, undefined> {
  const { api_key, structured_output = "json_schema" } = account
  const model = chatModel(dialect, checkedBase(account), account.model, structured_output)
  sendThrough(io.signal, streamingFetch(io.fetch, [api_key]))
  const { stream } = await model.doStream(optionsOf(dialect, account, call, io))
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw broken(error)
      })
      if (done) return
      const part = toPart(value, [api_key])
      if (part) yield part
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

/** A connection that breaks after its first line; a refusal or time limit of the guard stays what it is. */
function broken(error: unknown): unknown {
  const failure = failureOfFetch(error)
  return failure instanceof ModelFailure && failure.code === "model.unreachable"
    ? new ModelFailure("model.stream_broken")
    : failure
}

function optionsOf(dialect: ChatDialect, account: ChatAccount, call: ModelCall, io: ProviderIo): CallOptions {
  const { output_schema: schema } = call
  const words = schema && account.structured_output === "json_object" ? [schemaInWords(schema)] : []
  return {
    ...toOptions({ ...call, messages: [...words, ...call.messages] }),
    ...(schema ? { responseFormat: { type: "json", schema, name: "answer" } } : {}),
    ...(schema ? { providerOptions: { [dialect.name]: { strictJsonSchema: isStrictSchema(schema) } } } : {}),
    headers: {
      ...authorization(account),
      ...(io.idempotency_key === undefined ? {} : { "idempotency-key": io.idempotency_key }),
    },
    abortSignal: io.signal,
  }
}

const schemaInWords = (schema: NonNullable<ModelCall["output_schema"]>) => ({
  role: "system" as const,
  content: `Answer with JSON only, no other words. It must fit this JSON Schema:\n${JSON.stringify(schema)}`,
})

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
      return { type: "thinking" }
    case "error":
      throw failureInStream(part.error, secrets)
    case "finish":
      return {
        type: "end",
        finish_reason: finishReasons[part.finishReason.unified] ?? "other",
        usage: toUsage(part),
      }
    default:
      return undefined
  }
}

/** An error that a vendor sends inside of the stream, or one of the parser about what came. */
function failureInStream(error: unknown, secrets: readonly (string | undefined)[]): ModelFailure {
  return error instanceof Error
    ? new ModelFailure("model.stream_broken")
    : failureOfError(undefined, readError(error), secrets)
}

const toUsage = ({ usage: { inputTokens, outputTokens } }: Finish) => ({
  input_tokens: inputTokens.total,
  output_tokens: outputTokens.total,
  cache_read_tokens: inputTokens.cacheRead,
  cache_write_tokens: inputTokens.cacheWrite,
  reasoning_tokens: outputTokens.reasoning,
})

/** Turns everything but a stream into a failure of ours, before the library makes an error of it that repeats the request. */
function streamingFetch(send: typeof fetch, secrets: readonly (string | undefined)[]): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit) => {
    const response = await send(input, init).catch((error: unknown) => {
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

const mostModels = 1_000
/** As long as a node or provider may name. */
const longestModel = 200
const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) })

/** The models of an account, by name. */
export async function listModels(account: ChatAccount, io: ProviderIo): Promise<string[]> {
  const { api_key } = account
  const response = await io.fetch(`${checkedBase(account)}/models`, {
    headers: { accept: "application/json", ...authorization(account) },
    signal: io.signal,
  })
  if (!response.ok) throw await failureOfResponse(response, [api_key], Date.now())
  const list = ModelList.safeParse(await response.json().catch(() => undefined))
  if (!list.success) {
    throw new ModelFailure("model.not_found", {
      message: "The address does not list models as OpenAI does. Is the base URL right?",
    })
  }
  return (
    list.data.data
      .map((one) => one.id)
      // A server that repeats what it was sent must not show the key to who may see models but not credentials.
      .filter((id) => id.length <= longestModel && !(api_key && id.includes(api_key)))
      .sort()
      .slice(0, mostModels)
  )
}

function checkedBase({ base_url }: ChatAccount): string {
  if (URL.canParse(base_url)) return base_url.replace(/\/+$/, "")
  throw new ModelFailure("model.bad_request", {
    message: "The base URL of this provider is not a URL. Enter one such as https://api.example.com/v1.",
  })
}

/** A key with other signs would fail inside of `fetch` with a message that repeats it. */
function authorization({ api_key }: ChatAccount): { authorization?: string } {
  if (api_key === undefined) return {}
  if (/^[\x21-\x7e]+$/.test(api_key)) return { authorization: `Bearer ${api_key}` }
  throw new ModelFailure("model.unauthorized", {
    message: "The API key holds signs that no key has, such as spaces or line ends.",
  })
}
