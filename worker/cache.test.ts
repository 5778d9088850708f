import { describe, expect, it } from "vitest"
import { BoundedCache } from "./cache.ts"

describe("a bounded cache", () => {
  it("forgets an entry at its end, not before", () => {
    const cache = new BoundedCache<string, number>(10)
    cache.set("a", 1, 100)
    expect([cache.get("a", 99), cache.get("a", 100), cache.get("a", 99)]).toEqual([1, undefined, undefined])
  })

  it("lets the oldest go when it is full, and a renewed entry is young again", () => {
    const cache = new BoundedCache<string, number>(2)
    cache.set("a", 1, 100)
    cache.set("b", 2, 100)
    cache.set("a", 3, 100)
    cache.set("c", 4, 100)
    expect(["a", "b", "c"].map((key) => cache.get(key, 0))).toEqual([3, undefined, 4])
  })

  it("forgets what it is told to", () => {
    const cache = new BoundedCache<string, number>(2)
    cache.set("a", 1, 100)
    cache.set("b", 2, 100)
    cache.delete("a")
    expect([cache.get("a", 0), cache.get("b", 0)]).toEqual([undefined, 2])
    cache.clear()
    expect(cache.get("b", 0)).toBeUndefined()
  })
})
