import { stable } from "#core/flow/diff"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import type { Json } from "#core/json"
import type { Draft } from "./canvas.ts"
import { wellFormed, type Graph } from "./well-formed.ts"
import { together, type Operation, type SingleOperation } from "./operation.ts"

/**
 * What makes one draft of another, as one step; undefined when they mean the same. Nodes and edges that are the very same objects
 * cost nothing to compare. A draft that is no graph is taken as the graph that can be made of it.
 */
export function operationBetween(from: Draft, to: Draft): Operation | undefined {
  const [before, after] = [wellFormed(from), wellFormed(to)]
  const remade = remadeBetween(before, after)
  const isKept = ({ id }: FlowNode): boolean => before.nodes.has(id) && !remade.has(id)
  const kept = [...after.nodes.values()].filter(isKept)
  const newNodes = [...after.nodes.values()].filter((node) => !isKept(node))
  const goneNodes = [...before.nodes.keys()].filter((id) => !after.nodes.has(id) || remade.has(id))
  const goneEdges = [...before.edges.values()].filter((edge) => {
    const now = after.edges.get(edge.id)
    return now !== edge && (!now || stable(now) !== stable(edge))
  })
  const gone = new Set(goneEdges.map(({ id }) => id))
  const isLost = ({ source, target }: FlowEdge): boolean => remade.has(source) || remade.has(target)
  const newEdges = [...after.edges.values()].filter(
    (edge) => !before.edges.has(edge.id) || gone.has(edge.id) || isLost(edge),
  )
  const add: SingleOperation = { type: "add", nodes: newNodes, edges: [] }
  const remove: SingleOperation = { type: "remove", nodes: goneNodes, edges: [...gone] }
  const isLess = goneNodes.length > 0 || gone.size > 0
  const places = placed(kept, before.nodes)
  return together([
    // What stays leaves what goes before that goes, and enters what comes after that came.
    ...(remade.size > 0 ? [...leaving(kept, before.nodes), remove, add, ...places] : []),
    ...(remade.size === 0 && newNodes.length > 0 ? [add] : []),
    ...(remade.size === 0 ? [...places, ...(isLess ? [remove] : [])] : []),
    ...kept.flatMap((node) => written(before.nodes.get(node.id)!, node)),
    ...(newEdges.length > 0 ? [{ type: "add" as const, nodes: [], edges: newEdges }] : []),
    ...fieldsBetween(from, to),
  ])
}

/** A node's kind is no property of it: another kind is another node, and with it what is drawn inside is made anew. */
function remadeBetween(before: Graph, after: Graph): Set<string> {
  const remade = new Set<string>()
  for (const { id, type } of after.nodes.values()) {
    const was = before.nodes.get(id)
    if (was && was.type !== type) remade.add(id)
  }
  for (let size = remade.size === 0 ? 0 : -1; size !== remade.size;) {
    size = remade.size
    for (const { id, parent_id } of before.nodes.values())
      if (parent_id !== undefined && remade.has(parent_id)) remade.add(id)
  }
  return remade
}

/** Takes those out of what they were inside who are elsewhere now. */
function leaving(nodes: readonly FlowNode[], before: ReadonlyMap<string, FlowNode>): SingleOperation[] {
  const moves = nodes.flatMap(({ id, parent_id, position }) => {
    const was = before.get(id)?.parent_id
    return was === undefined || was === parent_id ? [] : [{ id, parent_id: null, ...position }]
  })
  return moves.length === 0 ? [] : [{ type: "nest", moves }]
}

/** Where nodes are now: moved, or put elsewhere. */
function placed(nodes: readonly FlowNode[], before: ReadonlyMap<string, FlowNode>): SingleOperation[] {
  const moves = []
  const nested = []
  for (const node of nodes) {
    const was = before.get(node.id)!
    if (node === was) continue
    const { x, y } = node.position
    if (node.parent_id !== was.parent_id)
      nested.push({ id: node.id, parent_id: node.parent_id ?? null, x, y })
    else if (x !== was.position.x || y !== was.position.y) moves.push({ id: node.id, x, y })
  }
  return [
    // Out of others first: two that change places would else be inside each other for a moment.
    ...(nested.length > 1
      ? [{ type: "nest" as const, moves: nested.map((one) => ({ ...one, parent_id: null })) }]
      : []),
    ...(nested.length > 0 ? [{ type: "nest" as const, moves: nested }] : []),
    ...(moves.length > 0 ? [{ type: "move" as const, moves }] : []),
  ]
}

/** What a node says now. */
function written(was: FlowNode, now: FlowNode): SingleOperation[] {
  if (was === now) return []
  const set = (field: string, from: unknown, to: unknown): SingleOperation[] =>
    from === to || stable(from) === stable(to) ? [] : [{ type: "set", node: now.id, field, ...valueOf(to) }]
  const keys = was.data === now.data ? [] : new Set([...Object.keys(was.data), ...Object.keys(now.data)])
  return [
    ...set("label", was.label, now.label),
    ...set("size", was.size, now.size),
    ...[...keys].flatMap((key) => set(`data.${key}`, was.data[key], now.data[key])),
  ]
}

const valueOf = (value: unknown): { value?: Json } => (value === undefined ? {} : { value: value as Json })

function fieldsBetween(from: Draft, to: Draft): SingleOperation[] {
  const names = ["name", "description", "input_schema", "output_schema"] as const
  const settings: Record<string, unknown>[] = [from.settings, to.settings]
  const write = (field: string, was: unknown, now: unknown): SingleOperation[] =>
    stable(was) === stable(now) ? [] : [{ type: "field", field, ...valueOf(now) }]
  return [
    ...names.flatMap((name) => write(name, from[name], to[name])),
    ...[...new Set(settings.flatMap(Object.keys))].flatMap((key) =>
      write(`settings.${key}`, settings[0]![key], settings[1]![key]),
    ),
  ]
}
