import type { createOpenAICompatible } from "@ai-sdk/openai-compatible"

/** A model of the AI SDK, whosever it is. */
export type LanguageModel = ReturnType<ReturnType<typeof createOpenAICompatible>["chatModel"]>
export type CallOptions = Parameters<LanguageModel["doStream"]>[0]
export type StreamPart =
  Awaited<ReturnType<LanguageModel["doStream"]>>["stream"] extends ReadableStream<infer P> ? P : never

const mostKept = 100
const kept = new Map<string, LanguageModel>()
const ways = new WeakMap<AbortSignal, typeof fetch>()

/** Given to the library where it wants a key; the real one is put on by the way out of each call. */
export const noKey = "put-on-by-the-gateway"

/** The way out of the call that a signal belongs to. The library hands us the signal it was given, and nothing else of the call. */
export const fetchOfCall: typeof fetch = (input: RequestInfo | URL, init?: RequestInit) => {
  const send = init?.signal ? ways.get(init.signal) : undefined
  return send ? send(input, init) : Promise.reject(new Error("a model was called without a way out"))
}

/** Lets the call that `signal` stops go out through `send`. */
export const sendThrough = (signal: AbortSignal, send: typeof fetch): void => void ways.set(signal, send)

/**
 * The library's model, made once. Making one costs more than calling it (it builds and compiles its schemas), so models are
 * kept; they hold neither key nor connection. `key` names everything that the model is made of.
 */
export function keptModel(key: readonly string[], make: () => LanguageModel): LanguageModel {
  const name = JSON.stringify(key)
  const known = kept.get(name)
  if (known) return known
  const made = make()
  const [oldest] = kept.keys()
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest)
  kept.set(name, made)
  return made
}
