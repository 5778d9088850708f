import { describe, expect, it } from "vitest"
import { begun, failed, freshBreaker, stateOf, succeeded } from "./breaker.ts"
import { routed, waitBefore } from "./routing.ts"

/** Numbers that look like chance and are the same every time. */
function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

describe("targets", () => {
  it("come by their order, whatever chance says", () => {
    const targets = [3, 1, 2].map((order) => ({ order, weight: 1 }))
    expect(routed(targets, lcg(1)).map((one) => one.order)).toEqual([1, 2, 3])
  })

  it("of one order share the calls by their weights", () => {
    const chance = lcg(7)
    const targets = [
      { name: "a", order: 0, weight: 3 },
      { name: "b", order: 0, weight: 1 },
    ]
    const first = Array.from({ length: 4_000 }, () => routed(targets, chance).at(0)!.name)
    const share = first.filter((name) => name === "a").length / first.length
    expect(share).toBeGreaterThan(0.71)
    expect(share).toBeLessThan(0.79)
  })
})

describe("the wait before a retry", () => {
  it("is what the vendor asks for, or none when that is too long", () => {
    expect(waitBefore(0, { retry_after_ms: 1_500 }, 10_000, () => 0)).toBe(1_500)
    expect(waitBefore(0, { retry_after_ms: 15_000 }, 10_000, () => 0)).toBeUndefined()
  })

  it("grows, is never the same for all, and has an end", () => {
    const wait = (retry: number, chance: number) =>
      waitBefore(retry, { retry_after_ms: undefined }, 10_000, () => chance)!
    expect(wait(1, 0.5)).toBeGreaterThan(wait(0, 0.5))
    expect(wait(2, 0.9)).toBeGreaterThan(wait(2, 0.1))
    expect(wait(50, 1)).toBeLessThanOrEqual(10_000)
  })
})

describe("a breaker", () => {
  const error = { code: "model.overloaded", message: "Busy." }
  const broken = (times: number, now = 0) => {
    let breaker = freshBreaker
    for (let i = 0; i < times; i++) breaker = failed(breaker, error, now, true)
    return breaker
  }

  it("opens after five failures in a row, and one answer in between starts the count anew", () => {
    expect(stateOf(broken(4), 0)).toBe("closed")
    expect(stateOf(broken(5), 0)).toBe("open")
    expect(stateOf(failed(succeeded(broken(4)), error, 0, true), 0)).toBe("closed")
  })

  it("lets one call try after its pause, and the next only when that one is never heard of again", () => {
    const open = broken(5)
    const later = open.until!
    expect(stateOf(open, later - 1)).toBe("open")
    expect(stateOf(open, later)).toBe("trying")
    const tried = begun(open, later)
    expect(stateOf(tried, later + 1)).toBe("open")
    expect(stateOf(tried, later + 120_000)).toBe("trying")
  })

  it("pauses longer when the try fails, at least as long as the vendor asks, and forgets all when it succeeds", () => {
    const open = broken(5)
    const again = failed(begun(open, open.until!), error, open.until!, true)
    expect(again.pause_ms).toBe(open.pause_ms * 2)
    expect(failed(broken(4), { ...error, retry_after_ms: 60_000 }, 0, true).until).toBe(60_000)
    expect(succeeded(again)).toMatchObject({ failures: 0, until: undefined })
  })

  it("is not opened by what the target cannot be blamed for", () => {
    let breaker = freshBreaker
    for (let i = 0; i < 20; i++) breaker = failed(breaker, error, 0, false)
    expect(stateOf(breaker, 0)).toBe("closed")
  })
})
