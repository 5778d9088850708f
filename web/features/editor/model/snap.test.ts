import { expect, it } from "vitest"
import { linesOf, snapOf } from "./snap.ts"

const lines = linesOf([
  { x: 0, y: 0, width: 200, height: 56 },
  { x: 403, y: 300, width: 200, height: 56 },
])

it("snaps a side or the middle to the nearest line within reach, across and down by themselves", () => {
  const { x, y } = snapOf({ x: 400, y: 100, width: 200, height: 56 }, lines, 5)
  expect(x).toEqual({ by: 3, line: { at: 403, low: 100, high: 356 } })
  expect(y).toBeNull()
  expect(snapOf({ x: 700, y: 53, width: 100, height: 40 }, lines, 5).y).toEqual({
    by: 3,
    line: { at: 56, low: 0, high: 800 },
  })
})

it("snaps a narrow box by its middle", () => {
  const { x } = snapOf({ x: 49, y: 200, width: 100, height: 40 }, lines, 4)
  expect(x).toEqual({ by: 1, line: { at: 100, low: 0, high: 240 } })
})

it("leaves alone what is out of reach", () => {
  expect(snapOf({ x: 210, y: 400, width: 180, height: 40 }, lines, 5)).toEqual({ x: null, y: null })
})
