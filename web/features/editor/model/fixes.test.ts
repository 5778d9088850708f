import { expect, it } from "vitest"
import type { FlowDraft } from "#core/contract/flows"
import { validateFlow } from "#core/flow/validate"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { fixOf } from "./fixes.ts"

/** What is left of a kind of finding once its fix was taken, and what the button said. */
function mended(flow: FlowDraft, code: string) {
  const finding = validateFlow(flow).find((one) => one.code === code)
  expect(finding, code).toBeDefined()
  const fix = fixOf(flow, finding!)
  if (!fix) return null
  return { label: fix.label, draft: fix.draft, left: validateFlow(fix.draft).map((one) => one.code) }
}
const input = node("input", "input")
const output = node("output", "output", {}, 800)

it("adds the input and the output that a flow lacks, joined to its one beginning and its one end", () => {
  const bare = draft([node("a", "transform", { value: "1" }, 300)])
  const begun = mended(bare, "flow.no_input")!
  expect(begun.label).toBe("Add an input")
  expect(begun.left).toEqual(["flow.no_output"])
  const whole = mended(begun.draft, "flow.no_output")!
  expect(whole.left).toEqual([])
  expect(whole.draft.edges.map(({ source, target }) => [source, target])).toEqual([
    ["input", "a"],
    ["a", "output"],
  ])
})

it("removes what cannot stand: an edge twice drawn or over a border, a second input, a field that its kind lacks", () => {
  const twice = draft([input, output], [edge("input", "output"), { ...edge("input", "output"), id: "again" }])
  expect(mended(twice, "edge.duplicate")?.left).toEqual([])
  const crossing = draft(
    [
      input,
      frame("map", "map", 300, 0, 376, 200),
      inside("map", node("a", "transform", { value: "1" }, 24, 80)),
      output,
    ],
    [edge("input", "map"), edge("map", "output"), edge("input", "a")],
  )
  expect(mended(crossing, "edge.crosses")?.left).toEqual([])
  expect(
    mended(draft([input, node("two", "input"), output], [edge("input", "output")]), "flow.second_input")
      ?.left,
  ).toEqual([])
  const stray = draft(
    [input, node("a", "transform", { value: "1", old: true }, 300), output],
    [edge("input", "a"), edge("a", "output")],
  )
  expect(mended(stray, "node.data")).toMatchObject({ label: "Remove old", left: [] })
})

it("knows which node a mistyped name means, and what stands for a node inside a map", () => {
  const flow = (value: string) =>
    draft(
      [
        input,
        node("summary", "transform", { value: "1" }, 300),
        frame("map", "map", 600, 0, 376, 200),
        inside("map", node("each", "transform", { value: "item" }, 24, 80)),
        node("last", "transform", { value }, 1_100),
        { ...output, position: { x: 1_400, y: 0 } },
      ],
      [edge("input", "summary"), edge("summary", "map"), edge("map", "last"), edge("last", "output")],
    )
  expect(mended(flow("nodes.sumary"), "expression.unknown_node")).toMatchObject({
    label: "Use nodes.summary",
    left: [],
  })
  expect(mended(flow("nodes.nothing"), "expression.unknown_node")).toBeNull()
  expect(mended(flow("nodes.each"), "expression.out_of_scope")).toMatchObject({
    label: "Use nodes.map",
    left: [],
  })
})

it("offers nothing where a person has to choose", () => {
  const forked = draft(
    [input, node("a", "transform", { value: "1" }, 300), node("b", "transform", { value: "1" }, 300, 100)],
    [edge("input", "a"), edge("input", "b")],
  )
  expect(mended(forked, "flow.no_output")).toBeNull()
  expect(mended(draft([input, node("a", "transform", {}, 300), output]), "node.data")).toBeNull()
})

it("waits for all where a merge waits for more than come, and lets fail what has no error route", () => {
  const merge = draft(
    [input, node("m", "merge", { mode: 3 }, 300), output],
    [edge("input", "m"), edge("m", "output")],
  )
  expect(mended(merge, "merge.too_many")).toMatchObject({ label: "Wait for all", left: [] })
})
