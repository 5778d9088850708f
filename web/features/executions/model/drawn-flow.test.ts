import { expect, it } from "vitest"
import type { Execution } from "#core/contract/executions"
import { initialState, newNode } from "#core/execution/state"
import { DrawnFlow } from "./drawn-flow.ts"

const flowId = "flow_01JD0000000000000000000000"
const node = (id: string, type: string, more: object = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: {},
  ...more,
})
const edge = (source: string, target: string, source_handle?: string) => ({
  id: `${source}-${target}`,
  source,
  target,
  ...(source_handle ? { source_handle } : {}),
})

const graph: Execution["graph"] = {
  nodes: [
    node("in", "input"),
    node("each", "map", { label: "Each invoice", data: { items: "{{ input.list }}" } }),
    node("check", "transform", { parent_id: "each", label: "Check it" }),
    node("call", "subflow", { data: { flow_id: flowId } }),
    node("out", "output"),
  ],
  edges: [edge("in", "each"), edge("each", "call"), edge("call", "out")],
  callees: {
    [flowId]: {
      flow_id: flowId,
      name: "Other",
      version: 1,
      graph: {
        nodes: [node("in", "input"), node("check", "transform", { label: "Theirs" })],
        edges: [edge("in", "check")],
      },
    },
  },
}

it("knows the node of a step in its own flow, in an iteration and in a called flow", () => {
  const flow = new DrawnFlow(graph)
  expect(flow.title("check", "each[3]")).toBe("Check it")
  expect(flow.title("check", "call")).toBe("Theirs")
  expect(flow.at("each[3]")).toMatchObject({ base: "", graph: { nodes: { length: 5 } } })
  expect(flow.at("call")).toMatchObject({ base: "call", graph: { nodes: { length: 2 } } })
  expect(flow.place("each[3]")).toBe("Item 4")
})

it("shows its own flow where the called one is not known, and takes nobody's node for another's", () => {
  const flow = new DrawnFlow({ nodes: graph.nodes, edges: graph.edges })
  expect(flow.at("call").base).toBe("")
  expect(flow.title("check", "call")).toBe("check")
  expect(flow.incoming(initialState(), "check", "call")).toBeUndefined()
})

it("tells what came to a step that keeps no input: by edges, and from the list of a map", () => {
  const state = initialState()
  state.nodes["in"] = { ...newNode("in", ""), status: "succeeded", output: 7, handles: ["out"] }
  state.nodes["each"] = { ...newNode("each", ""), status: "running", input: { items: ["a", "b"] } }
  state.scopes["each[1]"] = {
    path: "each[1]",
    node_id: "each",
    parent: "",
    index: 1,
    status: "open",
    attempt: 1,
    output: undefined,
    error: undefined,
    values: {},
  }
  const flow = new DrawnFlow(graph)
  expect(flow.incoming(state, "each", "")).toBe(7)
  expect(flow.incoming(state, "check", "each[1]")).toBe("b")
})

it("calls the steps of a tool that asks a person first by what they do", () => {
  const flow = new DrawnFlow({ nodes: [node("send", "tool", { label: "Send it" })], edges: [] })
  expect(["ask", "call", "refused"].map((id) => flow.title(id, "send"))).toEqual([
    "Question to a person",
    "Tool call",
    "Refusal",
  ])
  expect(flow.title("send", "")).toBe("Send it")
})
