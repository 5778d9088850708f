import type { FlowDraft } from "#core/contract/flows"
import { nodeWidth, sizeOf, type Point, type Size } from "#web/flow/geometry.ts"
import { insideOf, nestingOf } from "#web/flow/nesting.ts"

export const gridStep = 8
export const gap = { x: 72, y: 32 }

export const snapped = ({ x, y }: Point): Point => ({
  x: Math.round(x / gridStep) * gridStep,
  y: Math.round(y / gridStep) * gridStep,
})

const step: Size = { width: nodeWidth, height: 56 }

type Nodes = Pick<FlowDraft, "nodes">

/**
 * The nearest place at or below the wanted one where a new node covers no other. Counted, as the wanted place is, from the
 * corner of the frame that it is put into.
 */
export function freeSpot(draft: Nodes, wanted: Point, frameId?: string, size: Size = step): Point {
  const spot = snapped(wanted)
  const inColumn = nestingOf(draft.nodes)
    .children(frameId)
    .map((node) => ({ ...node.position, ...sizeOf(node) }))
    .filter((box) => box.x < spot.x + size.width && spot.x < box.x + box.width)
  const blocker = (y: number) =>
    inColumn.find((box) => y < box.y + box.height + gridStep && y + size.height + gridStep > box.y)
  for (let hit = blocker(spot.y); hit; hit = blocker(spot.y))
    spot.y = snapped({ x: 0, y: hit.y + hit.height + gap.y }).y
  return spot
}

/** Where the next step after a node goes: to its right, below what is there already. */
export function spotAfter(draft: Nodes, id: string, size: Size = step): Point | null {
  const nesting = nestingOf(draft.nodes)
  const node = nesting.node(id)
  if (!node) return null
  const wanted = { x: node.position.x + sizeOf(node).width + gap.x, y: node.position.y }
  return freeSpot(draft, wanted, nesting.parent(id)?.id, size)
}

/** Where the next node in a frame goes: at its beginning, or right of what is inside. */
export function spotInside(draft: Nodes, frameId: string, size: Size = step): Point {
  const nesting = nestingOf(draft.nodes)
  const frame = nesting.node(frameId)
  if (!frame) return { x: 0, y: 0 }
  const inside = insideOf(frame)
  const last = nesting
    .children(frameId)
    .filter((node) => node.type !== "note")
    .toSorted((one, other) => other.position.x + sizeOf(other).width - one.position.x - sizeOf(one).width)[0]
  if (!last) return freeSpot(draft, inside, frameId, size)
  return freeSpot(
    draft,
    { x: last.position.x + sizeOf(last).width + gap.x, y: last.position.y },
    frameId,
    size,
  )
}
