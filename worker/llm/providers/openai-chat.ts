import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import * as z from "zod"
import type { ModelCall } from "#core/llm/call"
import type { FinishReason } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { failureOfError, failureOfFetch, failureOfResponse, readError } from "../http-failure.ts"
import type { ProviderIo, ProviderPart } from "../provider.ts"
import type { OpenAiAccess } from "../target.ts"
import { isStrictSchema } from "./strict-schema.ts"

/** Chat completions as OpenAI defined them, by the AI SDK's translation. */

export type ChatAccount = OpenAiAccess & { base_url: string }
/** In what a vendor differs from the others. */
export type ChatDialect = {
  name: string
  transformBody?: (body: Record<string, unknown>) => Record<string, unknown>
}

type LanguageModel = ReturnType<ReturnType<typeof createOpenAICompatible>["chatModel"]>
type CallOptions = Parameters<LanguageModel["doStream"]>[0]
type StreamPart =
  Awaited<ReturnType<LanguageModel["doStream"]>>["stream"] extends ReadableStream<infer P> ? P : never
type Finish = Extract<StreamPart, { type: "finish" }>

export async function* streamChat(
  dialect: ChatDialect,
  account: ChatAccount & { model: string },
  call: ModelCall,
  io: ProviderIo,
): AsyncGenerator<ProviderPart, void, undefined> {
  const { api_key, structured_output = "json_schema" } = account
  const model = createOpenAICompatible({
    name: dialect.name,
    baseURL: checkedBase(account),
    ...(api_key === undefined ? {} : { apiKey: checkedKey(api_key) }),
    fetch: streamingFetch(io.fetch, [api_key]),
    includeUsage: true,
    supportsStructuredOutputs: structured_output === "json_schema",
    ...(dialect.transformBody ? { transformRequestBody: dialect.transformBody } : {}),
  }).chatModel(account.model)
  const { stream } = await model.doStream(toOptions(dialect, structured_output, call, io))
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

function toOptions(dialect: ChatDialect, structured: string, call: ModelCall, io: ProviderIo): CallOptions {
  const { output_schema: schema } = call
  const words = schema && structured === "json_object" ? [schemaInWords(schema)] : []
  return {
    prompt: [...words, ...call.messages].map(({ role, content }) =>
      role === "system" ? { role, content } : { role, content: [{ type: "text", text: content }] },
    ),
    ...(call.max_tokens === undefined ? {} : { maxOutputTokens: call.max_tokens }),
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(schema ? { responseFormat: { type: "json", schema, name: "answer" } } : {}),
    ...(schema ? { providerOptions: { [dialect.name]: { strictJsonSchema: isStrictSchema(schema) } } } : {}),
    ...(io.idempotency_key === undefined ? {} : { headers: { "idempotency-key": io.idempotency_key } }),
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
const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) })

/** The models of an account, by name. */
export async function listModels(account: ChatAccount, io: ProviderIo): Promise<string[]> {
  const { api_key } = account
  const headers = api_key === undefined ? {} : { authorization: `Bearer ${checkedKey(api_key)}` }
  const response = await io.fetch(`${checkedBase(account)}/models`, {
    headers: { accept: "application/json", ...headers },
    signal: io.signal,
  })
  if (!response.ok) throw await failureOfResponse(response, [api_key], Date.now())
  const list = ModelList.safeParse(await response.json().catch(() => undefined))
  if (!list.success) {
    throw new ModelFailure("model.not_found", {
      message: "The address does not list models as OpenAI does. Is the base URL right?",
    })
  }
  return list.data.data
    .map((one) => one.id)
    .sort()
    .slice(0, mostModels)
}

const checkedBase = ({ base_url }: ChatAccount): string => base_url.replace(/\/+$/, "")

/** A key with other signs would fail inside of `fetch` with a message that repeats it. */
function checkedKey(key: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key
  throw new ModelFailure("model.unauthorized", {
    message: "The API key holds signs that no key has, such as spaces or line ends.",
  })
}
