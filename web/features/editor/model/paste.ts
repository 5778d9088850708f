import type { FlowDraft } from "#core/contract/flows"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import type { Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { cornerOf, rootsOf, type Fragment } from "./clipboard.ts"
import { withParent } from "./frames.ts"
import { freeName, nodeName } from "./names.ts"
import { renameReferences } from "./rename.ts"

/**
 * Adds a copy with names of its own. Expressions inside the copy that refer to copied nodes follow the new names; those that
 * refer to other nodes stay. `at` is where the copy's upper left corner lands on the canvas, `frameId` the frame that it is put
 * into.
 */
export function paste(
  draft: FlowDraft,
  fragment: Fragment,
  at: Point,
  frameId?: string,
): { draft: FlowDraft; nodeIds: Set<string> } {
  const names = newNames(draft, fragment)
  const corner = cornerOf(fragment)
  const origin = frameId === undefined ? { x: 0, y: 0 } : nestingOf(draft.nodes).place(frameId)
  const by = { x: at.x - corner.x - origin.x, y: at.y - corner.y - origin.y }
  const roots = new Set(rootsOf(fragment))
  const nodes = fragment.nodes.map((node): FlowNode => {
    const copy = { ...node, id: names.get(node.id)!, data: renameReferences(node, names) }
    if (!roots.has(node)) return withParent(copy, names.get(node.parent_id!))
    return {
      ...withParent(copy, frameId),
      position: { x: node.position.x + by.x, y: node.position.y + by.y },
    }
  })
  const edgeIds = new Set(draft.edges.map((edge) => edge.id))
  const edges = fragment.edges.flatMap((edge): FlowEdge[] => {
    const source = names.get(edge.source)
    const target = names.get(edge.target)
    if (source === undefined || target === undefined) return []
    const id = freeName(`${source}-${target}`, edgeIds)
    edgeIds.add(id)
    return [{ ...edge, id, source, target }]
  })
  return {
    draft: { ...draft, nodes: [...draft.nodes, ...nodes], edges: [...draft.edges, ...edges] },
    nodeIds: new Set([...roots].map((node) => names.get(node.id)!)),
  }
}

function newNames(draft: FlowDraft, { nodes }: Fragment): Map<string, string> {
  const taken = new Set(draft.nodes.map((node) => node.id))
  const names = new Map<string, string>()
  for (const node of nodes) {
    const name = nodeName(node.id, taken)
    taken.add(name)
    names.set(node.id, name)
  }
  return names
}
