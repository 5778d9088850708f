import { describe, expect, it } from "vitest"
import type { JsonObject } from "#core/json"
import { diffGraphs } from "./diff.ts"
import { mostNodes, type FlowEdge, type FlowGraph, type FlowNode } from "./graph.ts"
import { isValid } from "./finding.ts"
import { validateFlow } from "./validate.ts"
import { processorTime } from "../../test/kit/processor-time.ts"

const node = (id: string, type: string, data: JsonObject = {}): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
})
const edge = (source: string, target: string, handle?: string): FlowEdge => ({
  id: `${source}>${target}>${handle ?? ""}`,
  source,
  target,
  ...(handle ? { source_handle: handle } : {}),
})
const flow = (nodes: FlowNode[], edges: FlowEdge[], more: Partial<FlowGraph> = {}): FlowGraph => ({
  nodes,
  edges,
  settings: {},
  ...more,
})
const codes = (graph: FlowGraph): string[] => validateFlow(graph).map((one) => one.code)

const sound = flow(
  [node("in", "input"), node("t", "transform", { value: "input.text" }), node("out", "output")],
  [edge("in", "t"), edge("t", "out")],
)
const withNode = (extra: FlowNode, ...edges: FlowEdge[]): FlowGraph =>
  flow([...sound.nodes, extra], [...sound.edges, ...edges])

describe("validation", () => {
  it("[VA1] has nothing to say of a sound flow", () => {
    expect(validateFlow(sound)).toEqual([])
  })

  it.each<[string, FlowGraph, string, object]>([
    ["no nodes", flow([], []), "flow.empty", {}],
    ["no input", flow([node("out", "output")], []), "flow.no_input", {}],
    [
      "a second input",
      withNode(node("in2", "input"), edge("in2", "out")),
      "flow.second_input",
      { node_id: "in2" },
    ],
    [
      "the same id twice",
      withNode(node("t", "output"), edge("in", "t", "out")),
      "node.duplicate_id",
      { node_id: "t" },
    ],
    [
      "a kind from elsewhere",
      withNode(node("x", "teleport"), edge("t", "x")),
      "node.unknown_kind",
      { node_id: "x" },
    ],
    [
      "an edge to nowhere",
      withNode(node("x", "output"), edge("t", "x"), edge("t", "gone")),
      "edge.dangling",
      { edge_id: "t>gone>" },
    ],
    [
      "an edge from nowhere",
      withNode(node("x", "output"), edge("t", "x"), edge("gone", "x")),
      "edge.dangling",
      { edge_id: "gone>x>" },
    ],
    [
      "a handle that is not there",
      withNode(node("x", "output"), edge("t", "x", "yes")),
      "edge.unknown_handle",
      { edge_id: "t>x>yes" },
    ],
    [
      "an edge into the input",
      flow(sound.nodes, [...sound.edges, edge("t", "in")]),
      "edge.into_input",
      { edge_id: "t>in>" },
    ],
    [
      "two edges for one way",
      flow(sound.nodes, [...sound.edges, { ...edge("in", "t"), id: "other" }]),
      "edge.duplicate",
      { edge_id: "other" },
    ],
    [
      "a missing prompt",
      withNode(node("m", "llm", {}), edge("t", "m")),
      "node.data",
      { node_id: "m", path: "prompt" },
    ],
    [
      "a field too many",
      withNode(node("m", "llm", { prompt: "p", promt: "q" }), edge("t", "m")),
      "node.data",
      { node_id: "m" },
    ],
    [
      "branches of one name",
      withNode(
        node("c", "condition", {
          branches: [
            { id: "a", when: "true" },
            { id: "a", when: "true" },
          ],
        }),
        edge("t", "c"),
      ),
      "node.data",
      { path: "branches" },
    ],
    [
      "an error route that is not there",
      withNode(node("c", "output", { on_error: "route" }), edge("t", "c")),
      "node.no_error_route",
      { node_id: "c" },
    ],
    [
      "a broken expression",
      withNode(node("x", "output", { value: "{{ input. }}" }), edge("t", "x")),
      "expression.syntax",
      { path: "value" },
    ],
    [
      "a way to the host",
      withNode(node("x", "transform", { value: "input.constructor" }), edge("t", "x")),
      "expression.forbidden",
      { path: "value" },
    ],
    [
      "a node that is not there",
      withNode(node("x", "output", { value: "{{ nodes.ghost }}" }), edge("t", "x")),
      "expression.unknown_node",
      { path: "value" },
    ],
    [
      "a schema that is none",
      { ...sound, input_schema: { type: "text" } },
      "schema.invalid",
      { path: "input_schema.type" },
    ],
    [
      "a pattern that could run for ever",
      { ...sound, input_schema: { properties: { a: { pattern: "(?=a)" } } } },
      "schema.invalid",
      {},
    ],
  ])("[VA2] %s is an error", (_, graph, code, at) => {
    const found = validateFlow(graph).filter((one) => one.code === code)
    expect(found[0]).toMatchObject({ severity: "error", ...at })
    expect(found[0]?.message).toMatch(/^[A-Z].{8,}/)
    expect(isValid(validateFlow(graph))).toBe(false)
  })

  it.each<[string, FlowGraph, string]>([
    [
      "no output",
      flow([node("in", "input"), node("t", "transform", { value: "1" })], [edge("in", "t")]),
      "flow.no_output",
    ],
    ["a node off every route", withNode(node("x", "output")), "node.unreachable"],
    [
      "a value from a node that comes later",
      withNode(node("x", "output", { value: "{{ nodes.out }}" }), edge("t", "x")),
      "expression.not_upstream",
    ],
    [
      "a condition with words around it",
      withNode(
        node("c", "condition", { branches: [{ id: "a", when: "{{ input.n }} = 5" }] }),
        edge("t", "c"),
      ),
      "condition.text",
    ],
  ])("[VA3] %s is a warning, with which it can be published", (_, graph, code) => {
    expect(codes(graph)).toContain(code)
    expect(isValid(validateFlow(graph))).toBe(true)
  })

  it("[VA4] names the nodes of a circle, and not those behind it", () => {
    const round = flow(
      [node("in", "input"), node("a", "merge"), node("b", "merge"), node("out", "output")],
      [edge("in", "a"), edge("a", "b"), edge("b", "a"), edge("b", "out")],
    )
    const [circle] = validateFlow(round).filter((one) => one.code === "flow.cycle")
    expect(circle?.message).toContain("a, b.")
    expect(circle?.message).not.toContain("out")
  })

  it("[VA5] is done within two seconds with the largest flow, also when it is one great circle", () => {
    const names = Array.from({ length: mostNodes }, (_, i) => `n${i}`)
    const nodes = [
      node("in", "input"),
      ...names
        .slice(1)
        .map((id, i) =>
          node(id, "transform", { value: `nodes.${names[i]} & nodes.${names[Math.floor(i / 2)]}` }),
        ),
    ]
    const edges = names
      .slice(1)
      .flatMap((id, i) => [
        edge(i === 0 ? "in" : (names.at(i) ?? ""), id),
        ...(i > 10 && i % 2 === 0 ? [edge(names.at(i - 9) ?? "", id, "error")] : []),
      ])
    expect(processorTime(() => validateFlow(flow(nodes, edges)))).toBeLessThan(2_000)
    const circle = flow(nodes, [...edges, edge(`n${mostNodes - 1}`, "n1")])
    expect(processorTime(() => validateFlow(circle))).toBeLessThan(2_000)
  })

  it("[VA6] does not look into a flow that is too large", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => node(`n${i}`, "transform"))
    expect(codes(flow(many, []))).toEqual(["flow.too_large"])
  })
})

describe("the difference of two versions", () => {
  it("[VA7] names what was added, removed and changed; moving a node changes nothing", () => {
    const moved = sound.nodes.map((one) => ({ ...one, position: { x: 9, y: 9 } }))
    expect(diffGraphs(sound, flow(moved, sound.edges))).toEqual({
      nodes: { added: [], removed: [], changed: [] },
      edges: { added: [], removed: [], changed: [] },
      fields: [],
    })
    const other = flow(
      [node("in", "input"), node("t", "transform", { value: "2" }), node("x", "output")],
      [edge("in", "t"), edge("t", "x")],
      {
        settings: { timeout_seconds: 5 },
      },
    )
    expect(diffGraphs(sound, other)).toEqual({
      nodes: { added: ["x"], removed: ["out"], changed: ["t"] },
      edges: { added: ["t>x>"], removed: ["t>out>"], changed: [] },
      fields: ["settings"],
    })
  })
})
