import { describe, expect, it } from "vitest"
import { compareGraphs } from "#core/flow/compare"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { drawComparison, rowsOf, sayField } from "./drawn-comparison.ts"

const drawn = (from: [FlowNode[], FlowEdge[]], to: [FlowNode[], FlowEdge[]]) => {
  const [before, after] = [draft(...from), draft(...to)]
  const comparison = compareGraphs(before, after)
  const drawing = drawComparison(after, comparison)
  return { ...drawing, rows: rowsOf(comparison, drawing) }
}

describe("both versions on one canvas", () => {
  it("has what is there and what is gone, each with its mark", () => {
    const { graph, marks } = drawn(
      [
        [node("a", "input"), node("old", "wait", {}, 300), node("b", "output", {}, 600)],
        [edge("a", "old"), edge("old", "b")],
      ],
      [
        [node("a", "input"), node("new", "merge", {}, 300, 200), node("b", "output", {}, 600)],
        [edge("a", "new"), edge("new", "b")],
      ],
    )
    expect(graph.nodes.map(({ id }) => id)).toEqual(["a", "new", "b", "old"])
    expect(Object.fromEntries(marks.nodes)).toEqual({ new: "added", old: "removed" })
    expect(Object.fromEntries(marks.edges)).toEqual({
      "a-new": "added",
      "new-b": "added",
      "removed a-old": "removed",
      "removed old-b": "removed",
    })
    expect(graph.edges.map(({ id }) => id)).toEqual(["a-new", "new-b", "removed a-old", "removed old-b"])
  })

  it("puts what is gone below what took its place, however many", () => {
    const { graph } = drawn(
      [[node("one", "wait"), node("two", "wait", {}, 10, 70)], []],
      [[node("new", "merge"), node("next", "merge", {}, 0, 80)], []],
    )
    const place = (id: string) => graph.nodes.find((one) => one.id === id)?.position
    expect(place("new")).toEqual({ x: 0, y: 0 })
    expect(place("one")?.y).toBeGreaterThan(80 + 56)
    expect(place("two")?.y).toBeGreaterThan(80 + 56)
    expect(place("two")?.x).toBe(10)
  })

  it("leaves alone what is gone from inside a frame, though something outside has the same numbers", () => {
    const map = frame("map", "map", 0, 0, 400, 300)
    const { graph } = drawn(
      [[map, inside("map", node("gone", "wait", {}, 24, 80))], []],
      [[map, node("new", "merge", {}, 24, 80)], []],
    )
    expect(graph.nodes.at(-1)).toMatchObject({ id: "gone", parent_id: "map", position: { x: 24, y: 80 } })
  })

  it("draws a line from a route that no longer exists from the first that does", () => {
    const routes = (...ids: string[]) => ({
      branches: ids.map((id) => ({ id, label: id, when: "true" })),
    })
    const { graph } = drawn(
      [[node("if", "condition", routes("x", "y")), node("b", "output")], [edge("if", "b", "y")]],
      [[node("if", "condition", routes("x")), node("b", "output")], []],
    )
    const line = graph.edges.find(({ id }) => id.startsWith("removed"))
    expect(line?.source_handle).not.toBe("y")
    expect(line).toMatchObject({ source: "if", target: "b" })
  })

  it("draws no line to where nothing is", () => {
    const { graph, rows } = drawn([[node("a", "input")], [edge("a", "nowhere")]], [[node("a", "input")], []])
    expect(graph.edges).toEqual([])
    expect(rows.map(({ key, nodes }) => [key, nodes])).toEqual([["edge.removed.a.out.nowhere", ["a"]]])
  })
})

it("lists the changes as one reads the flow, with what was only moved at the end", () => {
  const before = draft(
    [node("last", "wait", { seconds: 1 }, 900), node("slid", "merge")],
    [edge("slid", "last")],
  )
  const after = {
    ...draft([
      node("last", "wait", { seconds: 2 }, 900),
      node("slid", "merge", {}, 5),
      node("first", "llm", {}, 9),
    ]),
    settings: { timeout_seconds: 5 },
  }
  const comparison = compareGraphs(before, after)
  const rows = rowsOf(comparison, drawComparison(after, comparison))
  expect(rows.map(({ key }) => key)).toEqual([
    "flow",
    "node.first",
    "node.last",
    "edge.removed.slid.out.last",
    "node.slid",
  ])
})

it("names fields as the panel does", () => {
  expect(["data.prompt", "data.branches.0.when", "label", "parent_id", "type"].map(sayField)).toEqual([
    "prompt",
    "branches.0.when",
    "name",
    "inside",
    "kind",
  ])
})
