import type { FlowEdge, FlowGraph, FlowNode } from "./graph.ts"

/** Edges by one of their ends. */
export function grouped(edges: readonly FlowEdge[], by: (edge: FlowEdge) => string): Map<string, FlowEdge[]> {
  const groups = new Map<string, FlowEdge[]>()
  for (const edge of edges) {
    const group = groups.get(by(edge))
    if (group) group.push(edge)
    else groups.set(by(edge), [edge])
  }
  return groups
}

/** The ids of all nodes that edges lead to from the given ones, those included. */
export function reachableFrom(graph: Pick<FlowGraph, "nodes" | "edges">, from: FlowNode[]): Set<string> {
  const known = new Set(graph.nodes.map((node) => node.id))
  const next = grouped(graph.edges, (edge) => edge.source)
  const seen = new Set(from.map((node) => node.id))
  const open = [...seen]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { target } of next.get(id) ?? []) {
      if (seen.has(target) || !known.has(target)) continue
      seen.add(target)
      open.push(target)
    }
  }
  return seen
}

/** Kahn's order, and what is left over: the nodes on cycles and behind them. */
export function topological(ids: string[], edges: FlowEdge[]): { order: string[]; stuck: string[] } {
  const waits = new Map(ids.map((id) => [id, 0]))
  for (const { target } of edges) if (waits.has(target)) waits.set(target, waits.get(target)! + 1)
  const leaving = grouped(edges, (edge) => edge.source)
  const order = ids.filter((id) => waits.get(id) === 0)
  for (let i = 0; i < order.length; i++) {
    for (const { target } of leaving.get(order[i]!) ?? []) {
      const left = (waits.get(target) ?? 0) - 1
      waits.set(target, left)
      if (left === 0) order.push(target)
    }
  }
  const sorted = new Set(order)
  return { order, stuck: ids.filter((id) => !sorted.has(id)) }
}

/**
 * Who comes before whom, as one bit set per node filled in topological order: linear in edges, where a search per node would be
 * the square. Nodes on or behind a cycle have no order; for them the answer is true.
 */
export function ancestry(ids: string[], edges: FlowEdge[]): (id: string, maybeBefore: string) => boolean {
  const place = new Map(ids.map((id, i) => [id, i]))
  const words = Math.ceil(ids.length / 32)
  const sets = new Map<string, Uint32Array>()
  const arriving = grouped(edges, (edge) => edge.target)
  for (const id of topological(ids, edges).order) {
    const mine = new Uint32Array(words)
    for (const { source } of arriving.get(id) ?? []) {
      const theirs = sets.get(source)
      const i = place.get(source)
      if (!theirs || i === undefined) continue
      for (let w = 0; w < words; w++) mine[w]! |= theirs[w]!
      mine[i >> 5]! |= 1 << (i & 31)
    }
    sets.set(id, mine)
  }
  return (id, maybeBefore) => {
    const mine = sets.get(id)
    const i = place.get(maybeBefore)
    return !mine || (i !== undefined && (mine[i >> 5]! & (1 << (i & 31))) !== 0)
  }
}

/** The nodes on cycles, and between two of them: what is left when the graph is trimmed from both ends. */
export function cyclic(ids: string[], edges: FlowEdge[]): string[] {
  const { stuck } = topological(ids, edges)
  if (stuck.length === 0) return []
  const among = new Set(stuck)
  const back = edges
    .filter((edge) => among.has(edge.source) && among.has(edge.target))
    .map((edge) => ({ ...edge, source: edge.target, target: edge.source }))
  return topological(stuck, back).stuck
}
