import type { FlowDraft } from "#core/contract/flows"
import { nodeHeight, nodeWidth } from "#web/flow/geometry.ts"
import type { Point } from "./document.ts"

export const gridStep = 8
const gap = { x: 72, y: 32 }

export const snapped = ({ x, y }: Point): Point => ({
  x: Math.round(x / gridStep) * gridStep,
  y: Math.round(y / gridStep) * gridStep,
})

/** The nearest place at or below the wanted one where a new node covers no other. */
export function freeSpot(draft: Pick<FlowDraft, "nodes">, wanted: Point): Point {
  const spot = snapped(wanted)
  const inColumn = draft.nodes.filter((node) => Math.abs(node.position.x - spot.x) < nodeWidth)
  const blocker = (y: number) =>
    inColumn.find(
      (node) =>
        y < node.position.y + nodeHeight(node) + gridStep &&
        y + nodeHeight(node) + gridStep > node.position.y,
    )
  for (let hit = blocker(spot.y); hit; hit = blocker(spot.y)) {
    spot.y = snapped({ x: 0, y: hit.position.y + nodeHeight(hit) + gap.y }).y
  }
  return spot
}

/** Where the next step after a node goes: to its right, below what is there already. */
export function spotAfter(draft: Pick<FlowDraft, "nodes">, id: string): Point | null {
  const node = draft.nodes.find((one) => one.id === id)
  if (!node) return null
  return freeSpot(draft, { x: node.position.x + nodeWidth + gap.x, y: node.position.y })
}
