import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { sizeOf, type Point, type Size } from "#web/flow/geometry.ts"
import { insideOf, nestingOf, sizeToHold } from "#web/flow/nesting.ts"

/** What a person does with frames: maps, loops and groups hold other nodes. Steps from one draft to the next, as in document.ts. */

const changed = (draft: FlowDraft, by: ReadonlyMap<string, FlowNode>): FlowDraft =>
  by.size === 0 ? draft : { ...draft, nodes: draft.nodes.map((node) => by.get(node.id) ?? node) }

/** A node in another frame, or in none. */
export function withParent(node: FlowNode, parentId: string | undefined): FlowNode {
  const { parent_id: _was, ...rest } = node
  return parentId === undefined ? rest : { ...rest, parent_id: parentId }
}

/**
 * Puts nodes into a frame, or out of all frames, where they are on the canvas. Edges that would then cross the border of a map
 * or loop go; `cut` says how many.
 */
export function moveInto(
  draft: FlowDraft,
  ids: ReadonlySet<string>,
  frameId: string | undefined,
): { draft: FlowDraft; cut: number } {
  const nesting = nestingOf(draft.nodes)
  const origin = frameId === undefined ? { x: 0, y: 0 } : nesting.place(frameId)
  const moved = new Map<string, FlowNode>()
  for (const node of nesting.outermost(ids)) {
    if (nesting.parent(node.id)?.id === frameId) continue
    const at = nesting.place(node.id)
    moved.set(node.id, {
      ...withParent(node, frameId),
      position: { x: at.x - origin.x, y: at.y - origin.y },
    })
  }
  return withoutCrossing(changed(draft, moved))
}

/** Takes away the edges that cross the border of a map or loop. */
function withoutCrossing(draft: FlowDraft): { draft: FlowDraft; cut: number } {
  const nesting = nestingOf(draft.nodes)
  const edges = draft.edges.filter(
    (edge) => nesting.holder(edge.source)?.id === nesting.holder(edge.target)?.id,
  )
  const cut = draft.edges.length - edges.length
  return { draft: cut === 0 ? draft : { ...draft, edges }, cut }
}

/** Brings nodes that lie on their frame's bar or padding inside of it, together, and lets the frames around them grow. */
export function settleInside(draft: FlowDraft, ids: Iterable<string>): FlowDraft {
  const nesting = nestingOf(draft.nodes)
  const byFrame = Map.groupBy(
    [...ids].flatMap((id) => nesting.node(id) ?? []),
    (node) => nesting.parent(node.id),
  )
  const moved = new Map<string, FlowNode>()
  for (const [frame, nodes] of byFrame) {
    if (!frame) continue
    const least = insideOf(frame)
    const by = {
      x: Math.max(0, least.x - Math.min(...nodes.map((node) => node.position.x))),
      y: Math.max(0, least.y - Math.min(...nodes.map((node) => node.position.y))),
    }
    if (by.x + by.y === 0) continue
    for (const node of nodes) moved.set(node.id, { ...node, position: shifted(node.position, by) })
  }
  const settled = changed(draft, moved)
  return [...byFrame.keys()].reduce((next, frame) => (frame ? growFrame(next, frame.id) : next), settled)
}

const shifted = (at: Point, by: Point): Point => ({ x: at.x + by.x, y: at.y + by.y })

/** Lets a frame, and then those around it, grow to hold what is inside; what it would grow over makes room. */
function growFrame(draft: FlowDraft, frameId: string): FlowDraft {
  const nesting = nestingOf(draft.nodes)
  const frame = nesting.node(frameId)
  if (!frame) return draft
  const was = sizeOf(frame)
  const needed = sizeToHold(frame, nesting.children(frameId))
  const size = { width: Math.max(was.width, needed.width), height: Math.max(was.height, needed.height) }
  const parent = nesting.parent(frameId)
  const grown =
    size.width === was.width && size.height === was.height ? draft : withRoomFor(draft, frame, size)
  return parent ? growFrame(grown, parent.id) : grown
}

/** Gives a frame its new size; if it would then cover what stands right of it or below, all that stands there moves on. */
function withRoomFor(draft: FlowDraft, frame: FlowNode, size: Size): FlowDraft {
  const nesting = nestingOf(draft.nodes)
  const was = sizeOf(frame)
  const moved = new Map<string, FlowNode>([[frame.id, { ...frame, size }]])
  const siblings = nesting
    .children(nesting.parent(frame.id)?.id)
    .filter((node) => node.id !== frame.id && node.type !== "note")
  const box = { ...frame.position, ...size }
  const right = siblings.filter((node) => node.position.x >= frame.position.x + was.width)
  const below = siblings.filter(
    (node) => !right.includes(node) && node.position.y >= frame.position.y + was.height,
  )
  const push = (nodes: readonly FlowNode[], by: Point) => {
    if (!nodes.some((node) => overlaps(box, { ...node.position, ...sizeOf(node) }))) return
    for (const node of nodes) moved.set(node.id, { ...node, position: shifted(node.position, by) })
  }
  push(right, { x: size.width - was.width, y: 0 })
  push(below, { x: 0, y: size.height - was.height })
  return changed(draft, moved)
}

type Box = Point & Size
const overlaps = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height

/** Gives a node its size: a frame never less than what is inside needs. */
export function resize(draft: FlowDraft, id: string, wanted: Size): FlowDraft {
  const nesting = nestingOf(draft.nodes)
  const node = nesting.node(id)
  if (!node) return draft
  const least = sizeToHold(node, nesting.children(id))
  const size = {
    width: Math.round(Math.max(wanted.width, least.width)),
    height: Math.round(Math.max(wanted.height, least.height)),
  }
  const was = sizeOf(node)
  if (node.size && was.width === size.width && was.height === size.height) return draft
  const sized = changed(draft, new Map([[id, { ...node, size }]]))
  const parent = nesting.parent(id)
  return parent ? growFrame(sized, parent.id) : sized
}

/** Draws a group around nodes that stand in the same frame; null when they do not. */
export function groupAround(draft: FlowDraft, ids: ReadonlySet<string>, group: FlowNode): FlowDraft | null {
  const nesting = nestingOf(draft.nodes)
  const members = nesting.outermost(ids)
  const parents = new Set(members.map((node) => nesting.parent(node.id)?.id))
  if (members.length === 0 || parents.size !== 1) return null
  const [parentId] = parents
  const inside = insideOf(group)
  const left = Math.min(...members.map((node) => node.position.x)) - inside.x
  const top = Math.min(...members.map((node) => node.position.y)) - inside.y
  const moved = members.map((node): FlowNode => ({
    ...withParent(node, group.id),
    position: { x: node.position.x - left, y: node.position.y - top },
  }))
  const frame = { ...withParent(group, parentId), position: { x: left, y: top } }
  const next = changed(
    { ...draft, nodes: [...draft.nodes, { ...frame, size: sizeToHold(frame, moved) }] },
    new Map(moved.map((node) => [node.id, node])),
  )
  return settleInside(next, [group.id])
}

/** Takes a frame away and leaves what is inside where it is. */
export function unwrap(draft: FlowDraft, id: string): { draft: FlowDraft; cut: number } {
  const nesting = nestingOf(draft.nodes)
  const children = new Set(nesting.children(id).map((node) => node.id))
  const out = moveInto(draft, children, nesting.parent(id)?.id)
  const edges = out.draft.edges.filter((edge) => edge.source !== id && edge.target !== id)
  return {
    draft: { ...out.draft, nodes: out.draft.nodes.filter((node) => node.id !== id), edges },
    cut: out.cut,
  }
}
