import { describe, expect, it } from "vitest"
import * as texts from "#test/kit/llm/texts"
import { ModelCall } from "./call.ts"
import { ModelFailure, modelFailures, type ModelFailureCode } from "./failure.ts"
import { readOutput } from "./output.ts"
import { isAvailable, providerTypes } from "./provider-types.ts"
import { countInput, countTokens } from "./tokens.ts"

const schema = {
  type: "object",
  properties: {
    total: { type: "number" },
    lines: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } },
  },
  required: ["total"],
}

describe("an answer that must fit a schema", () => {
  it("is parsed, also out of a Markdown fence", () => {
    expect(readOutput(schema, ' {"total": 3} ')).toEqual({ total: 3 })
    expect(readOutput(schema, '```json\n{"total": 3}\n```\n')).toEqual({ total: 3 })
    expect(readOutput({ type: "string" }, '"text"')).toBe("text")
  })

  it("fails by the name of the field", () => {
    const failing: [string, RegExp][] = [
      ['{"total": "3"}', /“total” does not fit/],
      ['{"total": 1, "lines": [{"name": 5}]}', /“lines\.0\.name” does not fit/],
      ["{}", /does not fit the output schema/],
      ["", /empty/],
      ["total: 3", /not valid JSON/],
      ['{"total": 3', /not valid JSON/],
    ]
    for (const [text, message] of failing) {
      expect(() => readOutput(schema, text)).toThrow(message)
      expect(() => readOutput(schema, text)).toThrow(ModelFailure)
    }
  })
})

describe("a model failure", () => {
  it("says by its code whether to try again, unless told otherwise", () => {
    for (const code of Object.keys(modelFailures) as ModelFailureCode[]) {
      const failure = new ModelFailure(code)
      expect([code, failure.retry, failure.message]).toEqual([
        code,
        modelFailures[code].retry,
        modelFailures[code].say,
      ])
    }
    expect(
      new ModelFailure("model.rate_limited", { retry: false, retry_after_ms: 5, message: "x" }),
    ).toMatchObject({ retry: false, retry_after_ms: 5, message: "x" })
  })
})

describe("a call", () => {
  it("has a model, at least one message and nothing unknown", () => {
    const fine = { model: "m", messages: [{ role: "user", content: "Hi" }] }
    expect(ModelCall.parse(fine)).toEqual(fine)
    const wrong = [
      { ...fine, messages: [] },
      { ...fine, model: "" },
      { ...fine, colour: 1 },
      { ...fine, temperature: 3 },
      { ...fine, max_tokens: 0 },
      { ...fine, messages: [{ role: "tool", content: "x" }] },
    ]
    for (const one of wrong) expect([one, ModelCall.safeParse(one).success]).toEqual([one, false])
  })
})

describe("our own count of tokens", () => {
  it("is within a fifth of o200k_base on mails, invoices and articles, and near it on code and Japanese", () => {
    const o200k: Record<keyof typeof texts, number> = {
      chargedTwice: 108,
      appCrashes: 64,
      parcelMissing: 63,
      lockedOut: 43,
      invoiceMissing: 40,
      whereIsMyOrder: 37,
      cancelPlease: 29,
      pakketKwijt: 34,
      invoiceTable: 195,
      rechnung: 113,
      tramArticle: 198,
      contractOld: 32,
      contractNew: 32,
    }
    for (const [name, text] of Object.entries(texts)) {
      const ratio = countTokens(text) / o200k[name as keyof typeof texts]
      expect([name, ratio > 0.8 && ratio < 1.2, ratio]).toEqual([name, true, ratio])
    }
    expect(countTokens("const answer = items.map((item) => item.price * item.quantity)")).toBeLessThan(
      15 * 1.4,
    )
    expect(countTokens("東京は日本の首都です。")).toBeLessThan(8 * 1.5)
    expect(countTokens("Donaudampfschifffahrtsgesellschaft und Rechtsschutzversicherung")).toBeGreaterThan(
      14 * 0.8,
    )
    expect(countTokens("")).toBe(0)
  })

  it("counts messages with their frame and the schema", () => {
    const call = { model: "m", messages: [{ role: "user" as const, content: "Hello" }] }
    expect(countInput(call)).toBe(5)
    expect(countInput({ ...call, output_schema: { type: "object" } })).toBeGreaterThan(8)
  })
})

describe("provider types", () => {
  it("say which can be called", () => {
    expect(isAvailable("openai_compatible")).toBe(true)
    expect(isAvailable("anthropic")).toBe(true)
    expect(isAvailable("constructor")).toBe(false)
    expect(providerTypes.openai.base_url).toMatch(/^https:/)
  })
})
