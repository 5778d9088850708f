import { expect, it } from "vitest"
import { branchOf, placeKey } from "./tree.ts"

const said = (...pairs: [string, string | null][]) => pairs.map(([id, parent_id]) => ({ id, parent_id }))
const ids = (branch: ReturnType<typeof branchOf>) => branch.map(({ id }) => id).join(" ")

const forked = said(["q", null], ["a", "q"], ["a2", "q"], ["q2", "a2"], ["b", "q2"], ["q3", "a"], ["c", "q3"])

it("shows the way to what was said last", () => {
  expect(ids(branchOf(forked, new Map(), true))).toBe("q a q3 c")
  expect(branchOf(forked, new Map(), true).map(({ beside }) => beside.length)).toEqual([1, 2, 1, 1])
})

it("goes another way where one was chosen, and from there to its last word", () => {
  expect(ids(branchOf(forked, new Map([["q", "a2"]]), true))).toBe("q a2 q2 b")
})

it("knows a first message that was written anew", () => {
  const two = said(["q", null], ["a", "q"], ["r", null], ["b", "r"])
  expect(branchOf(two, new Map(), true)[0]).toEqual({ id: "r", beside: ["q", "r"] })
  expect(ids(branchOf(two, new Map([[placeKey(null), "q"]]), true))).toBe("q a")
})

it("names nobody beside a message whose place may hold others that were not read yet", () => {
  const late = said(["a2", "q"], ["q2", "a2"], ["q3", "a2"])
  expect(branchOf(late, new Map(), false)).toEqual([
    { id: "a2", beside: ["a2"] },
    { id: "q3", beside: ["q2", "q3"] },
  ])
})

it("forgets a choice that is gone, and ends in a circle that nobody should send", () => {
  expect(ids(branchOf(forked, new Map([["q", "gone"]]), true))).toBe("q a q3 c")
  expect(branchOf(said(["a", "b"], ["b", "a"]), new Map(), true).length).toBeLessThanOrEqual(2)
})

it("finds its way through five thousand messages at once", () => {
  const many = Array.from({ length: 5_000 }, (_, i) => ({
    id: `m${i}`,
    parent_id: i === 0 ? null : `m${i - 1}`,
  }))
  expect(branchOf(many, new Map(), true)).toHaveLength(5_000)
})

it("leads through the message that is wanted where several branches begin before what was read", () => {
  const late = said(["a2", "q"], ["q2", "a2"], ["b2", "p"], ["r2", "b2"])
  expect(ids(branchOf(late, new Map(), false))).toBe("b2 r2")
  expect(ids(branchOf(late, new Map(), false, "a2"))).toBe("a2 q2")
})
