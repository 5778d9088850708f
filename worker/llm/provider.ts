import type { ModelCall } from "#core/llm/call"
import type { FinishReason } from "#core/llm/event"
import type { AvailableProviderType } from "#core/llm/provider-types"
import type { ReportedUsage } from "./usage.ts"
import type { ModelTarget, ProviderTarget } from "./target.ts"

/** What a provider says while it answers; `end` comes once, last. */
export type ProviderPart =
  /** The vendor is at work, and says what it has counted so far. No sign of an answer yet. */
  | { type: "begun"; usage?: ReportedUsage | undefined }
  | { type: "delta"; text: string }
  /** Life without text: thoughts that nobody is shown. */
  | { type: "thinking"; text: string }
  /** A piece of a tool call that is not whole: the name first, then its arguments. */
  | { type: "calling"; id: string; text: string }
  /** A tool that the model wants called, with its arguments as it wrote them. Means nothing until `end`. */
  | { type: "tool_call"; id: string; name: string; arguments: string; signature?: string | undefined }
  | { type: "end"; finish_reason: FinishReason; usage: ReportedUsage | undefined }

export type ProviderIo = {
  /** The guarded way out. */
  fetch: typeof fetch
  /** Aborted when the answer is no longer wanted; the connection closes then. */
  signal: AbortSignal
  /** Sent to vendors that know such a thing. */
  idempotency_key?: string | undefined
}

/** A vendor's protocol: translates our call and its answer. Throws ModelFailure; timing and checking are the gateway's. */
export type Provider<T extends AvailableProviderType> = {
  stream: (target: ModelTarget<T>, call: ModelCall, io: ProviderIo) => AsyncIterable<ProviderPart>
  models: (target: ProviderTarget<T>, io: ProviderIo) => Promise<string[]>
}
