import type { Micros } from "#core/money"
import type { ModelUsage } from "./event.ts"

/** Whole micro-USD for a million tokens of each class. A class without its own price costs what its parent costs. */
export type Price = {
  input: Micros
  output: Micros
  cache_read?: Micros
  cache_write?: Micros
  reasoning?: Micros
}

export type PriceTable = { version: string; prices: Record<string, Price> }

const usd = (dollars: number): Micros => Math.round(dollars * 1_000_000)
const price = (input: number, output: number, cacheRead?: number): Price => ({
  input: usd(input),
  output: usd(output),
  ...(cacheRead === undefined ? {} : { cache_read: usd(cacheRead) }),
})

/** List prices in dollars, as published by the vendors; the version is stored with every priced step. */
export const priceTable: PriceTable = {
  version: "2025-08-07",
  prices: {
    "builtin/builtin": price(0, 0),
    "openai/gpt-5": price(1.25, 10, 0.125),
    "openai/gpt-5-mini": price(0.25, 2, 0.025),
    "openai/gpt-5-nano": price(0.05, 0.4, 0.005),
    "openai/gpt-4.1": price(2, 8, 0.5),
    "openai/gpt-4.1-mini": price(0.4, 1.6, 0.1),
    "openai/gpt-4.1-nano": price(0.1, 0.4, 0.025),
    "openai/gpt-4o": price(2.5, 10, 1.25),
    "openai/gpt-4o-mini": price(0.15, 0.6, 0.075),
    "openai/o3": price(2, 8, 0.5),
    "openai/o3-mini": price(1.1, 4.4, 0.55),
    "openai/o4-mini": price(1.1, 4.4, 0.275),
  },
}

const snapshotDate = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/

/** The price of a model, also of its dated snapshots; undefined when the table does not know it. */
export function priceOf(table: PriceTable, providerType: string, model: string): Price | undefined {
  const find = (name: string) => {
    const key = `${providerType}/${name}`
    return Object.hasOwn(table.prices, key) ? table.prices[key] : undefined
  }
  return find(model) ?? find(model.replace(snapshotDate, ""))
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
