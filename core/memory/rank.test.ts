import { describe, expect, it } from "vitest"
import { rank, samenessOf, scoreOf, wordsOf } from "./rank.ts"

const now = Date.parse("2026-11-21T12:00:00.000Z")
const ago = (days: number) => new Date(now - days * 86_400_000).toISOString()
const memory = (bm25: number, days: number, usedDays?: number) => ({
  bm25,
  created_at: ago(days),
  used_at: usedDays === undefined ? null : ago(usedDays),
})

describe("memories", () => {
  it("that fit better come first, and of those that fit alike the newer", () => {
    const [old, fresh, poor] = [memory(-2, 90), memory(-2, 1), memory(-0.5, 0)]
    expect(rank([poor, old, fresh], now)).toEqual([fresh, old, poor])
  })

  it("stay in front when they fit well, however old they are", () => {
    const [fitting, fresh] = [memory(-4, 3_650), memory(-1, 0)]
    expect(rank([fresh, fitting], now)).toEqual([fitting, fresh])
  })

  it("are as young as when they were last of use", () => {
    const [used, forgotten] = [memory(-1, 400, 1), memory(-1, 200)]
    expect(rank([forgotten, used], now)).toEqual([used, forgotten])
    expect(scoreOf(memory(-1, 5, 400), -1, now)).toBe(scoreOf(memory(-1, 5), -1, now))
  })

  it("lose half of what age can take in a month, and never more than age can take", () => {
    expect(scoreOf(memory(-1, 0), -1, now)).toBeCloseTo(1)
    expect(scoreOf(memory(-1, 30), -1, now)).toBeCloseTo(0.8)
    expect(scoreOf(memory(-1, 100_000), -1, now)).toBeCloseTo(0.6)
    expect(scoreOf(memory(-1, -10), -1, now)).toBeCloseTo(1)
  })

  it("keep their order where nothing tells them apart", () => {
    const same = [memory(0, 3), memory(0, 3), memory(0, 3)]
    expect(rank(same, now).map((one) => same.indexOf(one))).toEqual([0, 1, 2])
    expect(rank([], now)).toEqual([])
  })
})

describe("words to look for", () => {
  it.each<[string, string[]]>([
    ["What is the customer's favourite colour?", ["favourite", "customer", "colour"]],
    ["Wie heißt der Hund von Ana?", ["heißt", "hund", "ana"]],
    ['"drop" OR text:NEAR(a* -b)', ["drop", "text", "near"]],
    ["who are you", ["who", "are", "you"]],
    ["東京", ["東京"]],
    ["… !? --", []],
  ])("of %s", (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it("are few and short, whatever the text", () => {
    const words = wordsOf(Array.from({ length: 5_000 }, (_, i) => `word${i}${"x".repeat(i % 90)}`).join(" "))
    expect(words.length).toBeLessThanOrEqual(24)
    expect(Math.max(...words.map((one) => one.length))).toBeLessThanOrEqual(40)
  })
})

describe("the same thing", () => {
  it("is told without case, spacing and the full stop", () => {
    expect(samenessOf("  Ana likes\n tea. ")).toBe(samenessOf("ana LIKES tea"))
    expect(samenessOf("Ana likes tea")).not.toBe(samenessOf("Ana likes coffee"))
  })
})
