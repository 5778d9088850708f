import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ModelCall } from "#core/llm/call"
import { cost } from "#core/llm/price"
import { settledUsage } from "./usage.ts"
import { usualMostTokens, worstCost } from "./worst.ts"

const price = fc.record({
  input: fc.nat(20_000_000),
  output: fc.nat(120_000_000),
  cache_read: fc.nat(30_000_000),
  cache_write: fc.nat(30_000_000),
  reasoning: fc.nat(150_000_000),
})
const count = fc.oneof(fc.nat(10_000), fc.integer(), fc.constant(undefined), fc.constant(1e9), fc.double())
const reported = fc.record({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
})

describe("the worst case of a call", () => {
  it("[WC1] is never less than what is settled, whatever a vendor reports that keeps to the limit", () => {
    const check = fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 8_000 }),
      fc.nat(100),
      reported,
      price,
      (texts, max_tokens, part, usage, paid) => {
        const call: ModelCall & { max_tokens: number } = {
          model: "any",
          messages: texts.map((content) => ({ role: "user", content })),
          max_tokens,
        }
        // As long as a limit of so many tokens lets an answer be by our count.
        const said = "a ".repeat(Math.floor((max_tokens * part) / 300))
        const settled = settledUsage(
          { ...usage, output_tokens: within(usage.output_tokens, max_tokens) },
          call,
          said,
        )
        expect(cost(settled, paid)).toBeLessThanOrEqual(worstCost(call, paid))
      },
    )
    fc.assert(check, { numRuns: 500 })
  })

  it("[WC2] limits an answer by what its model can say", () => {
    const limits = [
      ["openai", "gpt-4"],
      ["openai", "gpt-4o-mini"],
      ["openai", "gpt-5-mini"],
      ["anthropic", "claude-3-haiku-20240307"],
      ["anthropic", "claude-sonnet-4-5"],
      ["openai_compatible", "gpt-5"],
    ].map(([type, model]) => usualMostTokens(type, model))
    expect(limits).toEqual([4_096, 8_192, 32_768, 4_096, 32_768, 4_096])
  })
})

const within = (tokens: number | undefined, most: number): number | undefined =>
  tokens !== undefined && tokens > most ? most : tokens
