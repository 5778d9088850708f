import { checkSchema } from "#core/json-schema"
import type { ModelCall } from "#core/llm/call"
import { countTokens } from "#core/llm/tokens"
import type { ModelEvent } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { builtinModel } from "#core/llm/builtin/builtin"
import type { AvailableProviderType } from "#core/llm/provider-types"
import { finished, type Heard, type SaidToolCall } from "./finish.ts"
import type { Held } from "./held.ts"
import { failureOfFetch } from "./http-failure.ts"
import { Meter, type Spent } from "./meter.ts"
import type { Provider, ProviderPart } from "./provider.ts"
import { mostRepairs, repairing } from "./repair.ts"
import type { ModelTarget, ProviderTarget } from "./target.ts"
import { usualTimeouts, watchOver, type Timeouts, type Watch } from "./watch.ts"

export type Asking = {
  /** Aborting it closes the vendor's connection; the stream then throws the signal's reason. */
  signal?: AbortSignal | undefined
  /** The way out: `guardedFetch(policy)`. */
  egress: typeof fetch
  timeouts?: Partial<Timeouts> | undefined
  idempotency_key?: string | undefined
  /** Holds what a request may cost at most, before it is sent; throws when that is refused. Absent: nobody keeps a budget. */
  hold?: ((call: ModelCall) => Promise<Held | undefined>) | undefined
  /** Told of each request before it is sent, with how to learn what it costs: also when it breaks, or is called back. */
  sending?: ((spent: Spent) => void) | undefined
  /** Told when the answer is of no use and the model is asked again; what was streamed so far is void. Absent: it fails at once. */
  again?: ((failure: ModelFailure) => void) | undefined
}

type Loaders = { [T in AvailableProviderType]: () => Promise<Provider<T>> }

/** Loaded when first called, so that no vendor's code weighs on the start of the Worker. */
const loaders: Loaders = {
  builtin: async () => (await import("./providers/builtin.ts")).builtin,
  openai: async () => (await import("./providers/openai.ts")).openai,
  anthropic: async () => (await import("./providers/anthropic.ts")).anthropic,
  google: async () => (await import("./providers/google.ts")).google,
  xai: async () => (await import("./providers/xai.ts")).xai,
  ollama: async () => (await import("./providers/openai-compatible.ts")).ollama,
  vllm: async () => (await import("./providers/openai-compatible.ts")).vllm,
  workers_ai: async () => (await import("./providers/workers-ai.ts")).workersAi,
  openai_compatible: async () => (await import("./providers/openai-compatible.ts")).openaiCompatible,
}

const modelOf = (target: ModelTarget): string =>
  target.provider_type === "builtin" ? builtinModel : target.model

/**
 * Asks a model and tells its answer as it comes: the only way from us to a vendor. One request, and with `again` at most two
 * more for an answer of no use; `finished` says what its own request has cost. Throws a ModelFailure; leaving the loop closes
 * the connection.
 */
export async function* streamModel(
  target: ModelTarget,
  call: ModelCall,
  asking: Asking,
): AsyncGenerator<ModelEvent, void, undefined> {
  let asked = call
  for (let repairs = 0; ; repairs++) {
    const heard = yield* paidFor(target, asked, asking, repairs)
    try {
      return yield finished(call, heard)
    } catch (error) {
      if (!isRepairable(error, heard) || !asking.again || repairs === mostRepairs) throw error
      asking.again(error)
      asked = repairing(asked, heard, error)
    }
  }
}

/** One request, held before it is sent and settled however it ends: also when it breaks off, or nobody listens any more. */
async function* paidFor(
  target: ModelTarget,
  asked: ModelCall,
  asking: Asking,
  repairs: number,
): AsyncGenerator<ModelEvent, Heard, undefined> {
  const held = await asking.hold?.(asked)
  const call = held?.call ?? asked
  const meter = new Meter(call)
  try {
    asking.sending?.(meter.spent)
    if (repairs === 0) {
      checkCall(call)
      yield { type: "started", model: modelOf(target) }
    }
    return yield* hear(target, call, keyed(asking, repairs), meter, held && call.max_tokens)
  } finally {
    await held?.settle(meter.spent())
  }
}

/** Another question under the same key would be answered with the answer to the first. */
const keyed = (asking: Asking, repairs: number): Asking =>
  repairs === 0 || asking.idempotency_key === undefined
    ? asking
    : { ...asking, idempotency_key: `${asking.idempotency_key}:repair-${repairs}` }

/** The same limit would cut the next answer as well. */
const isRepairable = (error: unknown, { finish_reason }: Heard): error is ModelFailure =>
  error instanceof ModelFailure && error.code === "model.bad_output" && finish_reason !== "length"

/** One request: what comes of it, and at its end all that was said. */
async function* hear(
  target: ModelTarget,
  call: ModelCall,
  { signal, egress, timeouts, idempotency_key }: Asking,
  meter: Meter,
  mostTokens: number | undefined,
): AsyncGenerator<ModelEvent, Heard, undefined> {
  const watch = watchOver(signal, { ...usualTimeouts, ...timeouts })
  try {
    const provider = await load(target.provider_type)
    const parts = provider.stream(target, call, { fetch: egress, signal: watch.signal, idempotency_key })
    return yield* told(parts, watch, meter, mostTokens)
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
  watch: Watch,
  meter: Meter,
  mostTokens: number | undefined,
): AsyncGenerator<ModelEvent, Heard, undefined> {
  const source = parts[Symbol.asyncIterator]()
  const tool_calls: SaidToolCall[] = []
  let text = ""
  for (;;) {
    const { done, value: part } = await watch.next(source.next())
    if (done) throw new ModelFailure("model.stream_broken")
    meter.hear(part)
    if (part.type === "begun") continue
    watch.alive()
    if (part.type === "delta") {
      const before = text.length
      text += part.text
      if (mostTokens !== undefined) checkLength(text, before, mostTokens)
      yield { type: "delta", text: part.text }
    } else if (part.type === "tool_call") tool_calls.push(part)
    else if (part.type === "end") {
      const { finish_reason } = part
      return { text, tool_calls, finish_reason, usage: meter.spent()! }
    }
  }
}

const checkedEvery = 4_000

/** Only so much is held as an answer within its limit costs: whoever does not keep to it is not listened to. Our count may be off by a half. */
function checkLength(text: string, before: number, most: number): void {
  if (Math.floor(before / checkedEvery) === Math.floor(text.length / checkedEvery)) return
  if (countTokens(text) <= most * 1.5 + 64) return
  const message = `The model does not keep to its limit of ${most} tokens, for which alone its budget has been held.`
  throw new ModelFailure("model.bad_output", { message, retry: false })
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
