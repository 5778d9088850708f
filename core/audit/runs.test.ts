import { describe, expect, it } from "vitest"
import { runsOf } from "./runs.ts"

describe("places of entries", () => {
  it("[ER13] are told as numbers and as pairs, each once and in their order", () => {
    expect(runsOf([9, 3, 4, 5, 1, 4, 11, 12])).toEqual([1, [3, 5], 9, [11, 12]])
    expect(runsOf([])).toEqual([])
    expect(runsOf([2, 1])).toEqual([[1, 2]])
  })
})
