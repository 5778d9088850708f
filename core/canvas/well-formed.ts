import type { FlowEdge, FlowNode } from "#core/flow/graph"

/** Whether a node's parent is there, and none of those around it is drawn inside it. */
export function isHeld(nodes: ReadonlyMap<string, FlowNode>, node: FlowNode): boolean {
  if (node.parent_id === undefined) return true
  const seen = new Set([node.id])
  for (let at: string | undefined = node.parent_id; at !== undefined; at = nodes.get(at)?.parent_id) {
    if (seen.has(at) || !nodes.has(at)) return false
    seen.add(at)
  }
  return true
}

export type Graph = { nodes: Map<string, FlowNode>; edges: Map<string, FlowEdge> }

/** The graph of a draft, which may be none: of two with one id the first one stays, and what hangs in the air goes. */
export function wellFormed(draft: { nodes: readonly FlowNode[]; edges: readonly FlowEdge[] }): Graph {
  const nodes = new Map<string, FlowNode>()
  for (const node of draft.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node)
  for (const node of nodes.values()) {
    if (isHeld(nodes, node)) continue
    const { parent_id: _, ...free } = node
    nodes.set(node.id, free)
  }
  const edges = new Map<string, FlowEdge>()
  for (const edge of draft.edges)
    if (!edges.has(edge.id) && nodes.has(edge.source) && nodes.has(edge.target)) edges.set(edge.id, edge)
  return { nodes, edges }
}
