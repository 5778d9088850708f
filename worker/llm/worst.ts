import type { ModelCall } from "#core/llm/call"
import { cost, type Price } from "#core/llm/price"
import type { Micros } from "#core/money"
import { mostInput } from "./usage.ts"

/** What vendors report beyond a limit that they keep to: a frame, a stop token. `settledUsage` takes no more. */
const beyond = 64

/**
 * How long an answer may be where nobody has said so, when a hard budget must bear it: models that think count their thoughts in, old ones
 * refuse to be allowed more than they can, and servers of one's own have small windows.
 */
export function usualMostTokens(providerType: string, model: string): number {
  if (!["openai", "anthropic", "google", "xai"].includes(providerType)) return 4_096
  if (/gpt-3\.5|gpt-4(?![.o\d])|claude-3-(?:haiku|opus|sonnet)/.test(model)) return 4_096
  if (/gpt-4|claude-3|gemini-(?:1|2\.0)|grok-[23]/.test(model)) return 8_192
  return 32_768
}

/**
 * The most that a call with a limit on its answer can cost, in micro-USD: every byte that is sent a token of its own, the whole answer
 * said, each by its dearest class. What is settled by `settledUsage` and `cost` is never more, as far as the vendor keeps to the limit.
 */
export function worstCost(call: ModelCall & { max_tokens: number }, price: Price): Micros {
  const input = Math.max(price.input, price.cache_read ?? 0, price.cache_write ?? 0)
  const output = Math.max(price.output, price.reasoning ?? 0)
  return cost({ ...mostUsage(call), estimated: false }, { input, output })
}

const mostUsage = (call: ModelCall & { max_tokens: number }) => ({
  input_tokens: mostInput(call),
  output_tokens: call.max_tokens + beyond,
})

/** The most tokens that a call with a limit on its answer can take, counted in the same way. */
export function worstTokens(call: ModelCall & { max_tokens: number }): number {
  const { input_tokens, output_tokens } = mostUsage(call)
  return input_tokens + output_tokens
}
