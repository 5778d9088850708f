import { checkSchema } from "#core/json-schema"
import type { ModelCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { readOutput } from "#core/llm/output"
import { builtinModel } from "#core/llm/builtin/builtin"
import type { AvailableProviderType } from "#core/llm/provider-types"
import type { Provider, ProviderPart } from "./provider.ts"
import { failureOfFetch } from "./http-failure.ts"
import type { ModelTarget, ProviderTarget } from "./target.ts"
import { settledUsage } from "./usage.ts"
import { usualTimeouts, watchOver, type Timeouts, type Watch } from "./watch.ts"

export type Asking = {
  /** Aborting it closes the vendor's connection; the stream then throws the signal's reason. */
  signal?: AbortSignal | undefined
  /** The way out: `guardedFetch(policy)`. */
  egress: typeof fetch
  timeouts?: Partial<Timeouts> | undefined
  idempotency_key?: string | undefined
}

type Loaders = { [T in AvailableProviderType]: () => Promise<Provider<T>> }

/** Loaded when first called, so that no vendor's code weighs on the start of the Worker. */
const loaders: Loaders = {
  builtin: async () => (await import("./providers/builtin.ts")).builtin,
  openai: async () => (await import("./providers/openai.ts")).openai,
  openai_compatible: async () => (await import("./providers/openai-compatible.ts")).openaiCompatible,
}

const modelOf = (target: ModelTarget): string =>
  target.provider_type === "builtin" ? builtinModel : target.model

/**
 * Asks a model and tells its answer as it comes: the only way from us to a vendor. One request, no retry. Throws a
 * ModelFailure; leaving the loop closes the connection.
 */
export async function* streamModel(
  target: ModelTarget,
  call: ModelCall,
  { signal, egress, timeouts, idempotency_key }: Asking,
): AsyncGenerator<ModelEvent, void, undefined> {
  checkCall(call)
  const watch = watchOver(signal, { ...usualTimeouts, ...timeouts })
  try {
    yield { type: "started", model: modelOf(target) }
    const provider = await load(target.provider_type)
    const parts = provider.stream(target, call, { fetch: egress, signal: watch.signal, idempotency_key })
    yield* told(parts, call, watch)
  } finally {
    watch.end()
  }
}

const load = <T extends AvailableProviderType>(type: T): Promise<Provider<T>> => loaders[type]()

function checkCall({ output_schema }: ModelCall): void {
  const [fault] = output_schema ? checkSchema(output_schema) : []
  if (!fault) return
  const at = fault.path ? `${fault.path}: ` : ""
  throw new ModelFailure("model.bad_request", {
    message: `The output schema is not valid: ${at}${fault.message}`,
  })
}

async function* told(
  parts: AsyncIterable<ProviderPart>,
  call: ModelCall,
  watch: Watch,
): AsyncGenerator<ModelEvent, void, undefined> {
  const source = parts[Symbol.asyncIterator]()
  let text = ""
  for (;;) {
    const { done, value: part } = await watch.next(source.next())
    if (done) throw new ModelFailure("model.stream_broken")
    watch.alive()
    if (part.type === "delta") {
      text += part.text
      yield { type: "delta", text: part.text }
    } else if (part.type === "end") {
      yield finished(part, call, text)
      return
    }
  }
}

function finished(
  { finish_reason, usage }: Extract<ProviderPart, { type: "end" }>,
  call: ModelCall,
  text: string,
): ModelEvent {
  const settled = settledUsage(usage, call, text)
  if (!call.output_schema) return { type: "finished", text, finish_reason, usage: settled }
  if (finish_reason === "length") {
    throw new ModelFailure("model.bad_output", {
      message: "The answer was cut at max_tokens before its JSON was whole.",
    })
  }
  return {
    type: "finished",
    text,
    object: readOutput(call.output_schema, text),
    finish_reason,
    usage: settled,
  }
}

export type ProviderTest = {
  ok: boolean
  latency_ms: number
  models: string[]
  error?: { code: string; message: string }
}

const testMs = 15_000

/** Whether an account answers, how fast, and with which models. Never throws for what the vendor does. */
export async function testProvider(
  target: ProviderTarget,
  { signal, egress, timeouts }: Asking,
  now: () => number = Date.now,
): Promise<ProviderTest> {
  const limit = timeouts?.total_ms ?? testMs
  const watch = watchOver(signal, { first_token_ms: limit, idle_ms: limit, total_ms: limit })
  const start = now()
  try {
    const provider = await load(target.provider_type)
    const models = await watch.next(provider.models(target, { fetch: egress, signal: watch.signal }))
    return { ok: true, latency_ms: now() - start, models }
  } catch (error) {
    signal?.throwIfAborted()
    const failure = failureOfFetch(error)
    if (!(failure instanceof ModelFailure)) throw error
    return {
      ok: false,
      latency_ms: now() - start,
      models: [],
      error: { code: failure.code, message: failure.message },
    }
  } finally {
    watch.end()
  }
}
