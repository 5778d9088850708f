import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { appliedPrice, cost, priceOf, priceTable, type Price } from "./price.ts"

const usage = (input_tokens: number, output_tokens: number, more: object = {}) => ({
  input_tokens,
  output_tokens,
  estimated: false,
  ...more,
})
const price: Price = { input: 2_000_000, output: 8_000_000, cache_read: 500_000, cache_write: 2_500_000 }

describe("the cost of a call", () => {
  it("is whole micro-dollars, each class at its price", () => {
    expect(cost(usage(1_000_000, 0), price)).toBe(2_000_000)
    expect(cost(usage(0, 1_000_000), price)).toBe(8_000_000)
    expect(cost(usage(1_000, 100, { cache_read_tokens: 600, cache_write_tokens: 300 }), price)).toBe(
      200 + 300 + 750 + 800,
    )
    expect(cost(usage(0, 100, { reasoning_tokens: 40 }), { ...price, reasoning: 16_000_000 })).toBe(480 + 640)
  })

  it("rounds up, so that nothing is ever free by rounding", () => {
    expect(cost(usage(1, 0), { input: 50_000, output: 0 })).toBe(1)
    expect(cost(usage(0, 0), price)).toBe(0)
  })

  it("never counts a part beyond its whole", () => {
    expect(
      cost(usage(10, 10, { cache_read_tokens: 99, cache_write_tokens: 99, reasoning_tokens: 99 }), price),
    ).toBe(Math.ceil((10 * 500_000 + 10 * 8_000_000) / 1e6))
  })

  it("is exact beyond the reach of a double", () => {
    expect(cost(usage(9_999_999, 0), { input: 1_234_567_891, output: 0 })).toBe(12_345_677_676)
  })

  it("grows with every token and is never negative", () => {
    const tokens = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(tokens, tokens, tokens, (input, output, read) => {
        const one = cost(usage(input, output, { cache_read_tokens: read }), price)
        expect(one).toBeGreaterThanOrEqual(0)
        expect(cost(usage(input + 1, output, { cache_read_tokens: read }), price)).toBeGreaterThanOrEqual(one)
        expect(cost(usage(input, output + 1, { cache_read_tokens: read }), price)).toBeGreaterThanOrEqual(one)
      }),
    )
  })
})

describe("the price table", () => {
  it("holds whole numbers and a version", () => {
    expect(priceTable.version).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    for (const one of Object.values(priceTable.prices))
      for (const value of Object.values(one)) expect(Number.isSafeInteger(value)).toBe(true)
  })

  it("knows dated snapshots by their model, and no strangers", () => {
    expect(priceOf(priceTable, "openai", "gpt-4o-2024-08-06")).toEqual(
      priceOf(priceTable, "openai", "gpt-4o"),
    )
    expect(priceOf(priceTable, "openai", "gpt-4o-mini")).not.toEqual(priceOf(priceTable, "openai", "gpt-4o"))
    expect(priceOf(priceTable, "builtin", "builtin")).toMatchObject({ input: 0, output: 0 })
    expect(priceOf(priceTable, "openai_compatible", "gpt-4o")).toBeUndefined()
    expect(priceOf(priceTable, "openai", "constructor")).toBeUndefined()
  })
})

describe("the price table", () => {
  it("knows every vendor that charges, and the classes of those that charge for the cache", () => {
    const vendors = new Set(Object.keys(priceTable.prices).map((key) => key.split("/")[0]!))
    expect([...vendors].sort()).toEqual(["anthropic", "builtin", "google", "openai", "workers_ai", "xai"])
    const sonnet = priceOf(priceTable, "anthropic", "claude-sonnet-4-5-20250929")!
    expect(sonnet).toEqual({
      input: 3_000_000,
      output: 15_000_000,
      cache_read: 300_000,
      cache_write: 3_750_000,
    })
    const usage = {
      input_tokens: 1_000,
      output_tokens: 10,
      cache_read_tokens: 600,
      cache_write_tokens: 300,
      estimated: false,
    }
    expect(cost(usage, sonnet)).toBe(Math.ceil(100 * 3 + 600 * 0.3 + 300 * 3.75 + 10 * 15))
  })
})

describe("what a provider's model is paid by", () => {
  const own = { "gpt-4.1": { input: 1, output: 2 } }

  it("is what its owner has said of exactly this model, else the table", () => {
    const provider = { provider_type: "openai", prices: own }
    expect(appliedPrice(provider, "gpt-4.1")).toEqual({ version: "own", input: 1, output: 2 })
    expect(appliedPrice(provider, "gpt-4o")).toMatchObject({ version: priceTable.version, input: 2_500_000 })
    // A snapshot is the table's model, not the owner's.
    expect(appliedPrice(provider, "gpt-4.1-2025-04-14")).toMatchObject({ version: priceTable.version })
  })

  it("is nothing where nobody has said it, whatever the model is called", () => {
    expect(appliedPrice({ provider_type: "vllm" }, "qwen")).toBeUndefined()
    expect(appliedPrice({ provider_type: "vllm", prices: own }, "constructor")).toBeUndefined()
  })
})
