import * as z from "zod"
import type { FlowDraft } from "#core/contract/flows"
import { mostBytes, weight } from "#core/canvas/canvas"
import { FlowEdge, FlowNode, mostEdges, mostNodes } from "#core/flow/graph"
import type { Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { withParent } from "./frames.ts"

/** A part of a flow as it travels through the clipboard: plain JSON, so that it also pastes into another tab's flow. */
const Fragment = z.strictObject({
  format: z.literal("edgecrew.fragment"),
  nodes: z.array(FlowNode),
  edges: z.array(FlowEdge),
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

/** Why a fragment cannot come into a flow, in words; null when it can. */
export function whyNotPaste(draft: FlowDraft, { nodes, edges }: Fragment): string | null {
  const [allNodes, allEdges] = [draft.nodes.length + nodes.length, draft.edges.length + edges.length]
  if (allNodes > mostNodes || allEdges > mostEdges)
    return `A flow holds at most ${mostNodes} nodes and ${mostEdges} edges; with what you paste it would have ${allNodes} and ${allEdges}.`
  if (weight(draft) + weight(nodes) + weight(edges) > mostBytes)
    return `A flow holds at most ${mostBytes} bytes; what you paste does not fit. Move long texts out of its nodes.`
  return null
}

/** The nodes of a fragment that stand in none of its frames. */
export const rootsOf = ({ nodes }: Fragment): FlowNode[] => {
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
