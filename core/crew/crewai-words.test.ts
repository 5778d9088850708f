import { describe, expect, it } from "vitest"
import { readModel, writeModel } from "./crewai-models.ts"
import { fromPlaceholders, slugOf, toPlaceholders } from "./crewai-words.ts"

describe("words", () => {
  it.each([
    ["{topic} and {other_1}", "{{ input.topic }} and {{ input.other_1 }}"],
    ["{from-date}", "{{ input.`from-date` }}"],
    ['{"a": 1} {} { x } {1x}', '{"a": 1} {} { x } {1x}'],
    ["a {{ x }} b", "a { { x }} b"],
    ["{{topic}}", "{ {{ input.topic }} }"],
    ["{{{", "{ { {"],
  ])("%s becomes %s", (from, to) => {
    expect(fromPlaceholders(from).text).toBe(to)
  })

  it("go back to what they were", () => {
    for (const text of ["{topic} and {from-date}", '{"a": 1} and {b}'])
      expect(toPlaceholders(fromPlaceholders(text).text)).toEqual({ text, tasks: [], strange: [] })
    expect(toPlaceholders("{{ $now() }}")).toMatchObject({ strange: ["{{ $now() }}"] })
  })

  it("make names of keys, each its own", () => {
    const taken = new Set(["city_scout"])
    const keys = ["City Scout", "Äpfel & Öl", "9lives", "日本", "x".repeat(80)]
    expect(keys.map((key) => slugOf(key, taken))).toEqual([
      "city_scout_2",
      "apfel_ol",
      "lives",
      "member",
      "x".repeat(36),
    ])
  })

  it("name models as CrewAI does", () => {
    for (const name of ["openai/gpt-4o", "anthropic/claude-x", "gemini/gemini-2", "hosted_vllm/a/b"]) {
      const { provider_type, model } = readModel(name)
      expect(writeModel(model, provider_type)).toBe(name)
    }
    expect(readModel("gpt-4o")).toEqual({ provider_type: "openai", model: "gpt-4o" })
    expect(readModel("bedrock/x").provider_type).toBeUndefined()
  })
})
