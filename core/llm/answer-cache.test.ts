import { describe, expect, it } from "vitest"
import { isKept, keptEvent } from "./answer-cache.ts"

const answer = {
  type: "finished" as const,
  text: "Forty-two.",
  finish_reason: "stop" as const,
  usage: { input_tokens: 10, output_tokens: 3, estimated: false },
}

describe("an answer", () => {
  it("is kept at temperature 0 only, when it is whole and not huge", () => {
    expect(isKept({ temperature: 0 }, answer)).toBe(true)
    expect(isKept({ temperature: 0.1 }, answer)).toBe(false)
    expect(isKept({}, answer)).toBe(false)
    expect(isKept({ temperature: 0 }, { ...answer, finish_reason: "length" })).toBe(false)
    expect(isKept({ temperature: 0 }, { ...answer, text: "x".repeat(300_000) })).toBe(false)
  })

  it("that was kept is the same, and costs nothing", () => {
    const { usage: _, type: __, ...said } = answer
    const kept = { ...said, object: { n: 42 }, provider_type: "openai", provider_id: "p", model: "m" }
    expect(keptEvent(kept)).toEqual({
      ...answer,
      object: { n: 42 },
      usage: { input_tokens: 0, output_tokens: 0, estimated: false },
    })
  })
})
