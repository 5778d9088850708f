import { describe, expect, it } from "vitest"
import type { JsonObject } from "#core/json"
import { compareGraphs, isSame } from "./compare.ts"
import type { FlowEdge, FlowGraph, FlowNode } from "./graph.ts"

const node = (id: string, type: string, data: JsonObject = {}, more: Partial<FlowNode> = {}): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
  ...more,
})
const edge = (source: string, target: string, more: Partial<FlowEdge> = {}): FlowEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  ...more,
})
const flow = (nodes: FlowNode[], edges: FlowEdge[] = [], more: Partial<FlowGraph> = {}): FlowGraph => ({
  nodes,
  edges,
  settings: {},
  ...more,
})

/** The changes in a line each: what is, who, and which fields. */
const told = (from: FlowGraph, to: FlowGraph): string[] => {
  const { nodes, edges, fields } = compareGraphs(from, to)
  return [
    ...nodes.map((one) => [one.is, one.node.id, ...one.fields.map(({ path }) => path)].join(" ")),
    ...edges.map((one) => `${one.is} ${one.edge.source}>${one.edge.target}`),
    ...fields.map(({ path }) => path),
  ]
}

describe("nodes", () => {
  const before = flow([
    node("kept", "transform", { value: "1" }),
    node("changed", "llm", { prompt: "Say hi", limits: { tokens: 10, seconds: 5 } }),
    node("moved", "merge"),
    node("gone", "wait", { seconds: 3 }, { label: "Rest" }),
  ])
  const after = flow([
    node("kept", "transform", { value: "1" }),
    node("changed", "llm", { prompt: "Say hello", limits: { seconds: 5, tokens: 20 } }),
    node("moved", "merge", {}, { position: { x: 40, y: 0 } }),
    node("new", "http", { url: "https://a.example" }),
  ])

  it("are told as added, removed, changed with their fields, or only moved", () => {
    expect(told(before, after)).toEqual([
      "changed changed data.prompt data.limits.tokens",
      "moved moved",
      "added new data.url",
      "removed gone label data.seconds",
    ])
  })

  it("carry the values of both sides", () => {
    const [changed] = compareGraphs(before, after).nodes
    expect(changed?.fields[0]).toEqual({ path: "data.prompt", from: "Say hi", to: "Say hello" })
  })

  it("tell the same in reverse when the sides are changed over", () => {
    expect(told(after, before)).toEqual([
      "changed changed data.prompt data.limits.tokens",
      "moved moved",
      "added gone label data.seconds",
      "removed new data.url",
    ])
  })

  it("that were changed and moved count as changed", () => {
    const there = flow([node("a", "transform", { value: "2" }, { position: { x: 9, y: 9 } })])
    expect(told(flow([node("a", "transform", { value: "1" })]), there)).toEqual(["changed a data.value"])
  })

  it("of another kind, name or frame are changed; of another size they are drawn otherwise", () => {
    const at = (more: Partial<FlowNode>) => told(flow([node("a", "map")]), flow([node("a", "map", {}, more)]))
    expect(at({ type: "loop" })).toEqual(["changed a type"])
    expect(at({ label: "Each" })).toEqual(["changed a label"])
    expect(at({ parent_id: "b" })).toEqual(["changed a parent_id"])
    expect(at({ size: { width: 500, height: 300 } })).toEqual(["moved a"])
  })
})

describe("edges", () => {
  it("drawn anew between the same ends are the same", () => {
    expect(
      told(flow([], [edge("a", "b")]), flow([], [edge("a", "b", { id: "x", source_handle: "out" })])),
    ).toEqual([])
  })

  it("plugged elsewhere are one that came and one that went", () => {
    const to = flow([], [edge("a", "c", { id: "a-b" })])
    expect(told(flow([], [edge("a", "b")]), to)).toEqual(["added a>c", "removed a>b"])
  })

  it("from another handle are others", () => {
    const to = flow([], [edge("a", "b", { source_handle: "error" })])
    expect(told(flow([], [edge("a", "b")]), to)).toEqual(["added a>b", "removed a>b"])
  })
})

describe("the flow itself", () => {
  it("differs in its schemas and settings", () => {
    const from = flow([], [], { settings: { timeout_seconds: 10 } })
    const to = flow([], [], { input_schema: { type: "object" }, settings: { timeout_seconds: 20 } })
    expect(compareGraphs(from, to).fields).toEqual([
      { path: "input_schema", from: null, to: { type: "object" } },
      { path: "settings.timeout_seconds", from: 10, to: 20 },
    ])
  })

  it("is the same whatever the order of its nodes, keys and edges", () => {
    const one = flow([node("a", "llm", { x: 1, y: 2 }), node("b", "merge")], [edge("a", "b"), edge("b", "a")])
    const other = flow(
      [node("b", "merge"), node("a", "llm", { y: 2, x: 1 })],
      [edge("b", "a"), edge("a", "b")],
    )
    expect(isSame(compareGraphs(one, other))).toBe(true)
    expect(isSame(compareGraphs(one, flow([])))).toBe(false)
  })
})
