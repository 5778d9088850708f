import { expect, it } from "vitest"
import type { StepDifference } from "#core/contract/debugging"
import { changeOfRow, comparedRows, countChanges, keyOfRow, nextDifference, sayDelta } from "./comparison.ts"

const step = (key: string, change: StepDifference["change"], paths: string[] = []): StepDifference => ({
  key,
  node_id: key.split("/").at(-1)!,
  scope: "",
  change,
  left: null,
  right: null,
  differences: paths.map((path) => ({ path, left: 1, right: 2 })),
})
const steps = [
  step("input", "same"),
  step("each[0]/draft", "changed", ["output.total"]),
  step("each[1]/draft", "only_left"),
  step("last", "same"),
  step("send", "only_right"),
]
const titles: Record<string, string> = { draft: "Write a reply" }
const options = {
  only: false,
  words: "",
  titleOf: (one: StepDifference) => titles[one.node_id] ?? one.node_id,
}
const list = (change: Partial<typeof options>, whole: StepDifference["differences"] = []) =>
  comparedRows(steps, whole, { ...options, ...change })

it("lists the whole first, then each step; or only what differs", () => {
  expect(list({}).map(keyOfRow)).toEqual(["", "input", "each[0]/draft", "each[1]/draft", "last", "send"])
  expect(list({ only: true }).map(keyOfRow)).toEqual(["each[0]/draft", "each[1]/draft", "send"])
  expect(list({ only: true }, [{ path: "outputs", left: 1, right: 2 }]).map(changeOfRow)[0]).toBe("changed")
  expect(comparedRows([steps[0]!], [], { ...options, only: true })).toEqual([])
})

it("searches by key, title and path", () => {
  expect(list({ words: "REPLY" }).map(keyOfRow)).toEqual(["each[0]/draft", "each[1]/draft"])
  expect(list({ words: "total" }).map(keyOfRow)).toEqual(["each[0]/draft"])
  expect(list({ words: "each[1]" }).map(keyOfRow)).toEqual(["each[1]/draft"])
})

it("counts, and goes from difference to difference", () => {
  expect(countChanges(steps)).toEqual({ same: 2, changed: 1, only_left: 1, only_right: 1 })
  const rows = list({})
  expect([nextDifference(rows, -1, 1), nextDifference(rows, 3, 1), nextDifference(rows, 5, 1)]).toEqual([
    2, 5, 5,
  ])
  expect([nextDifference(rows, 5, -1), nextDifference(rows, 2, -1)]).toEqual([3, 2])
})

it("says by how much two numbers differ", () => {
  const say = (n: number) => `${n} ms`
  expect([sayDelta(5, 7, say), sayDelta(7, 5, say), sayDelta(5, 5, say), sayDelta(null, 5, say)]).toEqual([
    "+2 ms",
    "−2 ms",
    "",
    "",
  ])
})
