import * as z from "zod"
import type { Micros } from "#core/money"
import type { ModelUsage } from "./event.ts"

const perMillion = z
  .int({ error: "Enter an amount" })
  .min(0, { error: "Use 0 or more" })
  .max(10_000_000_000, { error: "Use at most 10,000 dollars for a million tokens" })

/** Whole micro-USD for a million tokens of each class. A class without its own price costs what its parent costs. */
export const Price = z.strictObject({
  input: perMillion,
  output: perMillion,
  cache_read: perMillion.exactOptional(),
  cache_write: perMillion.exactOptional(),
  reasoning: perMillion.exactOptional(),
})
export type Price = z.infer<typeof Price>

/** What a call is paid by, as its journal keeps it: the version of the table, or `own` for what the provider's owner has said. */
export const AppliedPrice = z.object({ version: z.string(), ...Price.shape })
export type AppliedPrice = z.infer<typeof AppliedPrice>

export type PriceTable = { version: string; prices: Record<string, Price> }

const usd = (dollars: number): Micros => Math.round(dollars * 1_000_000)
const price = (input: number, output: number, cacheRead?: number, cacheWrite?: number): Price => ({
  input: usd(input),
  output: usd(output),
  ...(cacheRead === undefined ? {} : { cache_read: usd(cacheRead) }),
  ...(cacheWrite === undefined ? {} : { cache_write: usd(cacheWrite) }),
})

/** Anthropic reads its cache for a tenth of the input's price and writes it, for five minutes, for five quarters. */
const anthropicPrice = (input: number, output: number): Price =>
  price(input, output, input / 10, input * 1.25)

/**
 * List prices in dollars, as published by the vendors; the version is stored with every priced step. Prompts past 200,000 tokens,
 * which Google and Anthropic charge more for, are priced as shorter ones. Ollama and vLLM are machines of the tenant's own.
 */
export const priceTable: PriceTable = {
  version: "2025-12-15",
  prices: {
    "builtin/builtin": price(0, 0),
    "openai/gpt-5.2": price(1.75, 14, 0.175),
    "openai/gpt-5.1": price(1.25, 10, 0.125),
    "openai/gpt-5": price(1.25, 10, 0.125),
    "openai/gpt-5-mini": price(0.25, 2, 0.025),
    "openai/gpt-5-nano": price(0.05, 0.4, 0.005),
    "openai/gpt-5-pro": price(15, 120),
    "openai/gpt-4.1": price(2, 8, 0.5),
    "openai/gpt-4.1-mini": price(0.4, 1.6, 0.1),
    "openai/gpt-4.1-nano": price(0.1, 0.4, 0.025),
    "openai/gpt-4o": price(2.5, 10, 1.25),
    "openai/gpt-4o-mini": price(0.15, 0.6, 0.075),
    "openai/o1": price(15, 60, 7.5),
    "openai/o3": price(2, 8, 0.5),
    "openai/o3-mini": price(1.1, 4.4, 0.55),
    "openai/o4-mini": price(1.1, 4.4, 0.275),
    "anthropic/claude-opus-4-5": anthropicPrice(5, 25),
    "anthropic/claude-opus-4-1": anthropicPrice(15, 75),
    "anthropic/claude-opus-4": anthropicPrice(15, 75),
    "anthropic/claude-sonnet-4-5": anthropicPrice(3, 15),
    "anthropic/claude-sonnet-4": anthropicPrice(3, 15),
    "anthropic/claude-3-7-sonnet": anthropicPrice(3, 15),
    "anthropic/claude-haiku-4-5": anthropicPrice(1, 5),
    "anthropic/claude-3-5-haiku": anthropicPrice(0.8, 4),
    "anthropic/claude-3-haiku": price(0.25, 1.25, 0.03, 0.3),
    "google/gemini-3-pro-preview": price(2, 12, 0.2),
    "google/gemini-2.5-pro": price(1.25, 10, 0.125),
    "google/gemini-2.5-flash": price(0.3, 2.5, 0.03),
    "google/gemini-2.5-flash-lite": price(0.1, 0.4, 0.01),
    "google/gemini-2.0-flash": price(0.1, 0.4, 0.025),
    "google/gemini-2.0-flash-lite": price(0.075, 0.3),
    "xai/grok-4": price(3, 15, 0.75),
    "xai/grok-4-0709": price(3, 15, 0.75),
    "xai/grok-4-fast-reasoning": price(0.2, 0.5, 0.05),
    "xai/grok-4-fast-non-reasoning": price(0.2, 0.5, 0.05),
    "xai/grok-code-fast-1": price(0.2, 1.5, 0.02),
    "xai/grok-3": price(3, 15, 0.75),
    "xai/grok-3-mini": price(0.3, 0.5, 0.075),
    "workers_ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast": price(0.293, 2.253),
    "workers_ai/@cf/meta/llama-3.1-8b-instruct-fp8-fast": price(0.045, 0.384),
    "workers_ai/@cf/meta/llama-3.2-3b-instruct": price(0.051, 0.335),
    "workers_ai/@cf/meta/llama-4-scout-17b-16e-instruct": price(0.27, 0.85),
    "workers_ai/@cf/mistralai/mistral-small-3.1-24b-instruct": price(0.351, 0.555),
    "workers_ai/@cf/openai/gpt-oss-120b": price(0.35, 0.75),
    "workers_ai/@cf/openai/gpt-oss-20b": price(0.2, 0.3),
    "workers_ai/@cf/qwen/qwq-32b": price(0.66, 1),
  },
}

const snapshotDate = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/

/** The price of a model, also of its dated snapshots; undefined when the table does not know it. */
export function priceOf(table: PriceTable, providerType: string, model: string): Price | undefined {
  const find = (name: string) => among(table.prices, `${providerType}/${name}`)
  return find(model) ?? find(model.replace(snapshotDate, ""))
}

const among = (prices: Record<string, Price>, name: string): Price | undefined =>
  Object.hasOwn(prices, name) ? prices[name] : undefined

/** What a model of a provider is paid by: what its owner has said of exactly this model, else the table. */
export function appliedPrice(
  provider: { provider_type: string; prices?: Record<string, Price> | undefined },
  model: string,
): AppliedPrice | undefined {
  const own = among(provider.prices ?? {}, model)
  if (own) return { version: "own", ...own }
  const listed = priceOf(priceTable, provider.provider_type, model)
  return listed && { version: priceTable.version, ...listed }
}

/** What a call cost, rounded up to a whole micro-dollar. Whole numbers throughout: 10^7 tokens at 10^9 exceed a double. */
export function cost(usage: ModelUsage, price: Price): Micros {
  const read = Math.min(usage.cache_read_tokens ?? 0, usage.input_tokens)
  const write = Math.min(usage.cache_write_tokens ?? 0, usage.input_tokens - read)
  const reasoning = Math.min(usage.reasoning_tokens ?? 0, usage.output_tokens)
  const parts: [number, Micros][] = [
    [usage.input_tokens - read - write, price.input],
    [read, price.cache_read ?? price.input],
    [write, price.cache_write ?? price.input],
    [usage.output_tokens - reasoning, price.output],
    [reasoning, price.reasoning ?? price.output],
  ]
  const sum = parts.reduce((total, [tokens, each]) => total + BigInt(tokens) * BigInt(each), 0n)
  return Number((sum + 999_999n) / 1_000_000n)
}
