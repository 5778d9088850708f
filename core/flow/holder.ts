import type { FlowNode } from "./graph.ts"
import { kindOf } from "./kinds.ts"

/** The map or loop that a node is executed inside; undefined at the flow's own level. Groups are only drawn. */
export function holderOf(node: FlowNode, nodes: ReadonlyMap<string, FlowNode>): FlowNode | undefined {
  let parent = node.parent_id === undefined ? undefined : nodes.get(node.parent_id)
  // A draft may hold circles of parents; validation names them.
  for (let steps = 0; parent && steps < nodes.size; steps++) {
    if (kindOf(parent.type)?.holds === "body") return parent
    parent = parent.parent_id === undefined ? undefined : nodes.get(parent.parent_id)
  }
  return undefined
}
