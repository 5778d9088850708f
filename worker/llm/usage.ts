import type { ModelCall, ModelMessage } from "#core/llm/call"
import type { ModelUsage } from "#core/llm/event"
import { countInput, countTokens } from "#core/llm/tokens"

/** Counts as a vendor sent them: any number, or none. */
export type ReportedUsage = {
  input_tokens?: number | undefined
  output_tokens?: number | undefined
  cache_read_tokens?: number | undefined
  cache_write_tokens?: number | undefined
  reasoning_tokens?: number | undefined
}

const mostUnseen = 1_000_000

/**
 * The usage that is paid for. A count that cannot be true (negative, none, more tokens than bytes were sent) is replaced by
 * our own, so a broken or hostile vendor cannot empty or fill a budget.
 */
export function settledUsage(reported: ReportedUsage | undefined, call: ModelCall, text: string): ModelUsage {
  const input = plausible(reported?.input_tokens, 1, mostInput(call))
  const output = plausible(reported?.output_tokens, text === "" ? 0 : 1, mostOutput(call, text))
  const inputTokens = input ?? countInput(call)
  const outputTokens = output ?? countTokens(text)
  const read = part(reported?.cache_read_tokens, inputTokens)
  const write = part(reported?.cache_write_tokens, inputTokens - (read ?? 0))
  const reasoning = part(reported?.reasoning_tokens, outputTokens)
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    ...(read === undefined ? {} : { cache_read_tokens: read }),
    ...(write === undefined ? {} : { cache_write_tokens: write }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
    estimated: input === undefined || output === undefined,
  }
}

const mostOfImage = 65_536

/** No tokeniser makes more tokens than bytes; vendors add a frame to each message and rules for schemas and tools. */
export function mostInput(call: ModelCall): number {
  const spoken = [call.output_schema, call.tools].map((one) => (one ? JSON.stringify(one).length * 2 : 0))
  const said = call.messages.map((one) => one.content.length + 32 + beside(one))
  const images = call.messages.reduce((sum, one) => sum + imagesOf(one), 0)
  return [...spoken, ...said].reduce((sum, each) => sum + each, 0) * 3 + images * mostOfImage + 4_096
}

const imagesOf = (message: ModelMessage): number =>
  message.role === "user" ? (message.images?.length ?? 0) : 0

const beside = (message: ModelMessage): number =>
  message.role === "assistant" && message.tool_calls ? JSON.stringify(message.tool_calls).length : 0

/** Reasoning is not seen, so without a limit of the call only a round number bounds it. */
const mostOutput = (call: ModelCall, text: string): number =>
  Math.max(text.length * 3 + 64, call.max_tokens === undefined ? mostUnseen : call.max_tokens + 64)

const plausible = (count: number | undefined, least: number, most: number): number | undefined =>
  count !== undefined && Number.isFinite(count) && count >= least && count <= most
    ? Math.floor(count)
    : undefined

/** A part of a whole; zero says nothing and is left out. */
const part = (count: number | undefined, whole: number): number | undefined => {
  const known = plausible(count, 1, Number.MAX_SAFE_INTEGER)
  return known === undefined ? undefined : Math.min(known, whole)
}
