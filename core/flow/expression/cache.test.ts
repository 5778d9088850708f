import { describe, expect, it } from "vitest"
import { RecentCache } from "./cache.ts"

describe("a cache of recent values", () => {
  it("holds no more entries than it may, and forgets what was not used", () => {
    const cache = new RecentCache<number>(3, 100)
    for (const [key, value] of Object.entries({ a: 1, b: 2, c: 3 })) cache.set(key, value, 1)
    expect(cache.get("a")).toBe(1)
    cache.set("d", 4, 1)
    expect([cache.get("a"), cache.get("b"), cache.get("c"), cache.get("d")]).toEqual([1, undefined, 3, 4])
    expect(cache.size).toBe(3)
  })

  it("holds no more weight than it may", () => {
    const cache = new RecentCache<string>(100, 10)
    cache.set("light", "l", 4)
    cache.set("heavy", "h", 8)
    expect([cache.get("light"), cache.get("heavy")]).toEqual([undefined, "h"])
    cache.set("too heavy", "t", 11)
    expect([cache.get("heavy"), cache.get("too heavy")]).toEqual(["h", undefined])
  })

  it("replaces a value and its weight", () => {
    const cache = new RecentCache<number>(10, 10)
    cache.set("a", 1, 9)
    cache.set("a", 2, 1)
    cache.set("b", 3, 9)
    expect([cache.get("a"), cache.get("b"), cache.size]).toEqual([2, 3, 2])
  })
})
