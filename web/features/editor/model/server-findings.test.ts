import { expect, it } from "vitest"
import type { Finding } from "#core/flow/graph"
import { validateFlow } from "#core/flow/validate"
import { draft, edge, node } from "../test-flow.ts"
import { foundByServer, stillFound } from "./server-findings.ts"

const flow = draft(
  [node("input", "input"), node("call", "tool", { tool_id: "builtin:time", inputs: {} }), node("llm", "llm")],
  [edge("input", "call"), edge("call", "llm")],
)
const gone: Finding = {
  code: "reference.unknown_tool",
  severity: "error",
  message: "This tool does not exist. Choose another.",
  node_id: "call",
  path: "tool_id",
}

it("keeps what the browser does not find by itself, until the node is changed", () => {
  const found = foundByServer({ of: flow, findings: [...validateFlow(flow), gone] }, validateFlow(flow))
  expect(found.findings).toEqual([gone])
  const moved = { ...flow, nodes: flow.nodes.map((one) => ({ ...one, position: { x: 9, y: 9 } })) }
  expect(stillFound(found, moved)).toEqual([gone])
  const changed = {
    ...flow,
    nodes: flow.nodes.map((one) => (one.id === "call" ? { ...one, data: { ...one.data } } : one)),
  }
  expect(stillFound(found, changed)).toEqual([])
  expect(stillFound(found, { ...flow, nodes: [] })).toEqual([])
})

it("keeps what is said of the flow until its settings are changed", () => {
  const found = foundByServer(
    { of: flow, findings: [{ ...gone, node_id: undefined, path: "settings.error_flow_id" }] },
    [],
  )
  expect(stillFound(found, { ...flow, nodes: [] })).toHaveLength(1)
  expect(stillFound(found, { ...flow, settings: {} })).toEqual([])
})
