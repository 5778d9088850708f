import { describe, expect, it } from "vitest"
import { FlowGraph } from "./graph.ts"
import { isCertain } from "./reach.ts"

const at = { position: { x: 0, y: 0 } }
const drawn = (...kinds: [id: string, type: string, more?: object][]) =>
  kinds.map(([id, type, more]) => ({ id, type, ...at, data: {}, ...more }))
const graph = (nodes: object[], ...ways: [string, string, string?][]) =>
  FlowGraph.parse({
    nodes,
    edges: ways.map(([source, target, source_handle]) => ({
      id: `${source}-${target}`,
      source,
      target,
      ...(source_handle && { source_handle }),
    })),
  })
const certain = (of: FlowGraph, id: string) =>
  isCertain(
    of.nodes.find((one) => one.id === id)!,
    of,
  )
const split = { data: { branches: [{ id: "yes", when: "input.n > 1" }] } }

describe("a node that nothing chooses for", () => {
  it("is reached by every execution", () => {
    const flow = graph(
      drawn(["in", "input"], ["ask", "llm"], ["out", "output"]),
      ["in", "ask"],
      ["ask", "out"],
    )
    expect(certain(flow, "ask")).toBe(true)
  })

  it("is one that chooses itself", () => {
    const flow = graph(drawn(["in", "input"], ["which", "condition", split]), ["in", "which"])
    expect(certain(flow, "which")).toBe(true)
  })
})

describe("a node may be passed by", () => {
  it("after a choice, however far before", () => {
    const flow = graph(
      drawn(["in", "input"], ["which", "condition", split], ["set", "transform"], ["ask", "llm"]),
      ["in", "which"],
      ["which", "set", "yes"],
      ["set", "ask"],
    )
    expect(certain(flow, "ask")).toBe(false)
  })

  it("after a node that goes elsewhere when it fails", () => {
    const flow = graph(
      drawn(["in", "input"], ["try", "http", { data: { on_error: "route" } }], ["ask", "llm"]),
      ["in", "try"],
      ["try", "ask"],
    )
    expect(certain(flow, "ask")).toBe(false)
  })

  it("in a map, which may have no items", () => {
    const flow = graph(drawn(["in", "input"], ["each", "map"], ["ask", "llm", { parent_id: "each" }]), [
      "in",
      "each",
    ])
    expect(certain(flow, "ask")).toBe(false)
  })

  it("where a merge goes on with the first that comes", () => {
    const flow = graph(
      drawn(["in", "input"], ["ask", "llm"], ["first", "merge", { data: { mode: "any" } }]),
      ["in", "ask"],
      ["in", "first"],
      ["ask", "first"],
    )
    expect(certain(flow, "ask")).toBe(false)
  })
})
