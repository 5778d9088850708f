import { describe, expect, it } from "vitest"
import type { JsonObject } from "#core/json"
import type { FlowEdge, FlowNode } from "./graph.ts"
import { validateFlow } from "./validate.ts"

const node = (id: string, type: string, data: JsonObject = {}, parent_id?: string): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
  ...(parent_id ? { parent_id } : {}),
})
const edge = (source: string, target: string): FlowEdge => ({ id: `${source}-${target}`, source, target })
const map = (id: string, parent?: string) => node(id, "map", { items: "input.list" }, parent)

const found = (nodes: FlowNode[], edges: FlowEdge[]) =>
  validateFlow({ nodes, edges }).map((one) => [one.code, one.node_id ?? one.edge_id])

const sound: FlowNode[] = [
  node("in", "input"),
  map("each"),
  node("twice", "transform", { value: "item * index" }, "each"),
  node("said", "transform", { value: "nodes.twice" }, "each"),
  node("out", "output"),
]
const ways = [edge("in", "each"), edge("each", "out"), edge("twice", "said")]

describe("nodes inside nodes", () => {
  it("[VB1] finds nothing in a sound map", () => {
    expect(found(sound, ways)).toEqual([])
  })

  it.each<[string, FlowNode[], FlowEdge[], [string, string][]]>([
    [
      "an empty map",
      [node("in", "input"), map("each"), node("out", "output")],
      [edge("in", "each"), edge("each", "out")],
      [["body.empty", "each"]],
    ],
    ["an edge across its border", [...sound], [...ways, edge("in", "twice")], [["edge.crosses", "in-twice"]]],
    [
      "a value seen from outside",
      [...sound, node("late", "transform", { value: "nodes.twice" })],
      [...ways, edge("each", "late")],
      [["expression.out_of_scope", "late"]],
    ],
    [
      "an item outside",
      [...sound, node("late", "transform", { value: "item" })],
      [...ways, edge("each", "late")],
      [["expression.no_value", "late"]],
    ],
    [
      "a parent that is not there",
      [...sound, node("lost", "transform", { value: "1" }, "gone")],
      [...ways, edge("in", "lost")],
      [["parent.unknown", "lost"]],
    ],
    [
      "a parent that holds nothing",
      [...sound, node("lost", "transform", { value: "1" }, "out")],
      [...ways, edge("in", "lost")],
      [["parent.not_container", "lost"]],
    ],
    [
      "an input inside",
      [...sound, node("in2", "input", {}, "each")],
      ways,
      [
        ["flow.second_input", "in2"],
        ["node.input_inside", "in2"],
      ],
    ],
    [
      "a loop without an end",
      [...sound, node("again", "loop", { state: 1 }), node("a", "transform", { value: "state" }, "again")],
      [...ways, edge("in", "again")],
      [["node.data", "again"]],
    ],
    [
      "a wait for nonsense",
      [...sound, node("rest", "wait", { until: "tomorrow" })],
      [...ways, edge("in", "rest")],
      [["wait.invalid", "rest"]],
    ],
    [
      "a merge that waits for too many",
      [...sound, node("m", "merge", { mode: 3 })],
      [...ways, edge("in", "m")],
      [["merge.too_many", "m"]],
    ],
  ])("[VB2] names %s", (_, nodes, edges, codes) => {
    expect(found(nodes, edges)).toEqual(codes)
  })

  it("[VB3] ends with nodes that lie inside each other", () => {
    const codes = found([node("in", "input"), map("a", "b"), map("b", "a")], []).map(([code]) => code)
    expect(codes).toContain("parent.circle")
  })

  it("[VB4] sees through groups, and from inside what comes before the whole", () => {
    const nodes = [
      node("in", "input"),
      node("frame", "group"),
      node("first", "transform", { value: "1" }, "frame"),
      node("note", "note", { text: "why" }, "frame"),
      map("each"),
      node("use", "transform", { value: "nodes.first + item" }, "each"),
      node("out", "output"),
    ]
    expect(found(nodes, [edge("in", "first"), edge("first", "each"), edge("each", "out")])).toEqual([])
  })
})
