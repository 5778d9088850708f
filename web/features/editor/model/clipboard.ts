import * as z from "zod"
import type { FlowDraft } from "#core/contract/flows"
import { FlowEdge, FlowNode } from "#core/flow/graph"
import type { Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { withParent } from "./frames.ts"
import { freeName } from "./names.ts"
import { renameReferences } from "./rename.ts"

/** A part of a flow as it travels through the clipboard: plain JSON, so that it also pastes into another tab's flow. */
const Fragment = z.strictObject({
  format: z.literal("edgecrew.fragment"),
  nodes: z.array(FlowNode).max(2_000),
  edges: z.array(FlowEdge).max(8_000),
})
export type Fragment = z.infer<typeof Fragment>

/** The chosen nodes with all that is inside them, and the edges among them. The outermost are placed as on the canvas. */
export function copyOf(draft: FlowDraft, chosen: ReadonlySet<string>): Fragment {
  const nesting = nestingOf(draft.nodes)
  const nodeIds = nesting.withInsides(chosen)
  const outermost = new Set(nesting.outermost(nodeIds).map((node) => node.id))
  return {
    format: "edgecrew.fragment",
    nodes: draft.nodes
      .filter((node) => nodeIds.has(node.id))
      .map((node) =>
        outermost.has(node.id) ? { ...withParent(node, undefined), position: nesting.place(node.id) } : node,
      ),
    edges: draft.edges.filter((edge) => nodeIds.has(edge.source) && nodeIds.has(edge.target)),
  }
}

export const toText = (fragment: Fragment): string => JSON.stringify(fragment)

/** The fragment that a text holds, or null when it is something else that was copied. */
export function fromText(text: string): Fragment | null {
  if (!text.startsWith("{")) return null
  try {
    const parsed = Fragment.safeParse(JSON.parse(text))
    return parsed.success && parsed.data.nodes.length > 0 ? parsed.data : null
  } catch {
    return null
  }
}

/** The nodes of a fragment that stand in none of its frames. */
const rootsOf = ({ nodes }: Fragment): FlowNode[] => {
  const nesting = nestingOf(nodes)
  return nodes.filter((node) => !nesting.parent(node.id))
}

/** The upper left corner of what was copied, on the canvas that it was copied from. */
export function cornerOf(fragment: Fragment): Point {
  const roots = rootsOf(fragment)
  return {
    x: Math.min(...roots.map((node) => node.position.x)),
    y: Math.min(...roots.map((node) => node.position.y)),
  }
}

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
    const name = freeName(node.id, taken)
    taken.add(name)
    names.set(node.id, name)
  }
  return names
}
