import { isSettled } from "#core/execution/status"
import type { FlowGraph, FlowNode } from "#core/flow/graph"
import type { ExecutionId } from "#core/ids"
import { edge, laneOf, node, until, type Stub } from "./kit.ts"

export const inside = (parent: string, one: FlowNode): FlowNode => ({ ...one, parent_id: parent })
export const graph = (nodes: FlowNode[], edges: FlowGraph["edges"]): FlowGraph => ({
  nodes,
  edges,
  settings: {},
})

/** input → the node → output, with what is inside it. */
export const around = (held: FlowNode, body: FlowNode[], edges: FlowGraph["edges"] = []): FlowGraph =>
  graph(
    [
      node("in", "input"),
      held,
      ...body.map((one) => ({ parent_id: held.id, ...one })),
      node("out", "output"),
    ],
    [edge("in", held.id), edge(held.id, "out"), ...edges],
  )

export const stateOf = async (stub: Stub, id: ExecutionId) => {
  const page = await laneOf(stub).get(id)
  if (!page.ok) throw new Error(page.code)
  return page.value
}
export const statusOf = async (stub: Stub, id: ExecutionId) => (await stateOf(stub, id)).execution.status
export const settled = async (stub: Stub, id: ExecutionId) => {
  await until(async () => isSettled(await statusOf(stub, id)))
  return (await stateOf(stub, id)).execution
}
