import type { FlowNode } from "#core/flow/graph"
import { isFrame, nodeWidth, sizeOf, type Size } from "./geometry.ts"
import { nestingOf } from "./nesting.ts"

/** How large a folded frame is drawn: as a step. */
export const foldedSize: Size = { width: nodeWidth, height: 56 }

/**
 * Frames that somebody looks at folded: what is inside is not drawn, and edges to it end at the frame. Folding is a way of
 * looking, as zooming is: it belongs to the person, not to the flow, and changes no version.
 */
export type Folding = {
  isFolded(id: string): boolean
  /** What stands for a node on the canvas: the outermost folded frame around it, or the node itself. */
  standIn(id: string): string
  isHidden(id: string): boolean
  /** How large a node is drawn. */
  sizeOf(node: FlowNode): Size
}

export const nothingFolded: Folding = {
  isFolded: () => false,
  standIn: (id) => id,
  isHidden: () => false,
  sizeOf,
}

export function foldingOf(nodes: readonly FlowNode[], folded: ReadonlySet<string>): Folding {
  if (folded.size === 0) return nothingFolded
  const nesting = nestingOf(nodes)
  const frames = new Set(nodes.filter((node) => folded.has(node.id) && isFrame(node)).map(({ id }) => id))
  if (frames.size === 0) return nothingFolded
  const standIns = new Map<string, string>()
  for (const { id } of nodes) {
    const outermost = nesting.around(id).findLast((frame) => frames.has(frame.id))
    if (outermost) standIns.set(id, outermost.id)
  }
  return {
    isFolded: (id) => frames.has(id),
    standIn: (id) => standIns.get(id) ?? id,
    isHidden: (id) => standIns.has(id),
    sizeOf: (node) => (frames.has(node.id) ? foldedSize : sizeOf(node)),
  }
}
