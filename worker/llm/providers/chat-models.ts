import { createOpenAICompatible } from "@ai-sdk/openai-compatible"

/** In what a vendor differs from the others. */
export type ChatDialect = {
  name: string
  transformBody?: (body: Record<string, unknown>) => Record<string, unknown>
}

export type ChatModel = ReturnType<ReturnType<typeof createOpenAICompatible>["chatModel"]>

const mostKept = 100
const kept = new Map<string, ChatModel>()
const ways = new WeakMap<AbortSignal, typeof fetch>()

/** The way out of the call that a signal belongs to. The library hands us the signal it was given, and nothing else of the call. */
const fetchOfCall: typeof fetch = (input: RequestInfo | URL, init?: RequestInit) => {
  const send = init?.signal ? ways.get(init.signal) : undefined
  return send ? send(input, init) : Promise.reject(new Error("a model was called without a way out"))
}

/** Lets the call that `signal` stops go out through `send`. */
export const sendThrough = (signal: AbortSignal, send: typeof fetch): void => void ways.set(signal, send)

/**
 * The library's model for an address. Making one costs more than calling it (it builds and compiles its schemas), so models
 * are kept; they hold neither key nor connection.
 */
export function chatModel(
  dialect: ChatDialect,
  baseURL: string,
  model: string,
  structured: "json_schema" | "json_object",
): ChatModel {
  const key = JSON.stringify([dialect.name, baseURL, model, structured])
  const known = kept.get(key)
  if (known) return known
  const made = createOpenAICompatible({
    name: dialect.name,
    baseURL,
    fetch: fetchOfCall,
    includeUsage: true,
    supportsStructuredOutputs: structured === "json_schema",
    ...(dialect.transformBody ? { transformRequestBody: dialect.transformBody } : {}),
  }).chatModel(model)
  const [oldest] = kept.keys()
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest)
  kept.set(key, made)
  return made
}
