import * as fc from "fast-check"
import { expect, it } from "vitest"
import { depthOf, parseJson } from "./depth.ts"

const depthByWalk = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthByWalk)) : 0

it("[JD1] depth is what a walk through the value counts", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(depthOf(JSON.stringify(value))).toBe(depthByWalk(value))
    }),
  )
})

it("[JD2] brackets inside strings nest nothing", () => {
  expect(depthOf('{"a[[[{":"]]}{[\\"[[[\\\\"}')).toBe(1)
})

it("[JD3] two hundred thousand levels are refused before they are parsed", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000)
  expect(parseJson(deep, 64)).toEqual({ ok: false, error: "it nests deeper than 64" })
  expect(parseJson('{"a":'.repeat(200_000), 64)).toEqual({ ok: false, error: "it nests deeper than 64" })
  expect(parseJson("[".repeat(64) + "]".repeat(64), 64).ok).toBe(true)
})

it("[JD4] __proto__ is dropped at every level and changes nobody", () => {
  const parsed = parseJson('{"a":{"__proto__":{"polluted":1},"b":2},"__proto__":{"polluted":1}}', 64)
  expect(parsed).toEqual({ ok: true, value: { a: { b: 2 } } })
  expect("polluted" in {}).toBe(false)
})

it("[JD5] what is not JSON is said to be none", () => {
  for (const text of ["", "{", "nul", "1 2", "'a'", "\u0000", "[1,]", '{"a":1'])
    expect([text, parseJson(text, 64)]).toEqual([text, { ok: false, error: "it is not JSON" }])
})
