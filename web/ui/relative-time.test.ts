import { describe, expect, it } from "vitest"
import { sayDuration, sayWhen } from "./relative-time.tsx"

const now = Date.UTC(2026, 10, 21, 12, 0, 0)
const second = 1000
const hour = 3600 * second
const day = 24 * hour

describe("a time as people say it", () => {
  it.each([
    [0, "just now"],
    [44 * second, "just now"],
    [-20 * second, "just now"],
    [60 * second, "1 min ago"],
    [59 * 60 * second, "59 min ago"],
    [hour, "1 h ago"],
    [23 * hour, "23 h ago"],
    [day, "yesterday"],
    [-day, "tomorrow"],
    [3 * day, "3 days ago"],
    [-3 * day, "in 3 days"],
  ])("%d ms before now is %s", (ago, words) => expect(sayWhen(now - ago, now)).toBe(words))

  it("names the day beyond a week, and the year beyond this one", () => {
    expect(sayWhen(now - 20 * day, now)).toBe("Nov 1")
    expect(sayWhen(now - 400 * day, now)).toBe("Oct 17, 2025")
  })
})

it.each([
  [3.2, "3 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [59_000, "59 s"],
  [65_000, "1 min 05 s"],
  [3_723_000, "1 h 02 min"],
])("%d ms last %s", (ms, words) => expect(sayDuration(ms)).toBe(words))
