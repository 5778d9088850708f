import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { arrivalY, handlesOf, sizeOf, type Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { addNode, connect, reconnect } from "./document.ts"
import { settleInside } from "./frames.ts"
import { gap, snapped } from "./placement.ts"

/** Kinds that can stand between two others: something arrives and something leaves. */
export const fitsBetween = (type: string): boolean =>
  kindOf(type)?.takesInput === true && handlesOf({ type, data: {} }).length > 0

/** Puts a new node on an edge; what follows moves on where there is too little room. Null when it cannot stand there. */
export function insertOnEdge(
  draft: FlowDraft,
  edgeId: string,
  type: string,
): { draft: FlowDraft; id: string } | null {
  const nesting = nestingOf(draft.nodes)
  const edge = draft.edges.find((one) => one.id === edgeId)
  const source = edge && nesting.node(edge.source)
  const target = edge && nesting.node(edge.target)
  if (!edge || !source || !target || !fitsBetween(type)) return null
  const frame = nesting.parent(source.id)
  const added = addNode(draft, type, { x: 0, y: 0 }, frame?.id)
  const node = added.draft.nodes.at(-1)!
  const { width } = sizeOf(node)
  const [from, into] = [nesting.box(source.id), nesting.box(target.id)]
  const begin = from.x + from.width
  const spare = into.x - begin - width
  const left = spare >= 2 * gap.x ? begin + spare / 2 : begin + gap.x
  const middle = (from.y + arrivalY(source) + into.y + arrivalY(target)) / 2
  const origin = frame ? nesting.place(frame.id) : { x: 0, y: 0 }
  const position = snapped({ x: left - origin.x, y: middle - arrivalY(node) - origin.y })
  const lack = left + width + gap.x - into.x
  const placed = placeAt(added.draft, added.id, position)
  const pushed = lack > 0 ? pushOn(placed, target, snapped({ x: lack, y: 0 })) : placed
  const handle = edge.source_handle
  const split = reconnect(pushed, edgeId, {
    source: source.id,
    target: added.id,
    ...(handle === undefined ? {} : { source_handle: handle }),
  })
  const way = handlesOf(node)[0]!.id
  const joined = connect(split, { source: added.id, target: target.id, source_handle: way })
  return { draft: settleInside(joined, [added.id]), id: added.id }
}

const placeAt = (draft: FlowDraft, id: string, position: Point): FlowDraft => ({
  ...draft,
  nodes: draft.nodes.map((node) => (node.id === id ? { ...node, position } : node)),
})

/** Moves a node and all that comes after it beside it. */
export function pushOn(draft: FlowDraft, from: FlowNode, by: Point): FlowDraft {
  const nesting = nestingOf(draft.nodes)
  const siblings = new Set(nesting.children(nesting.parent(from.id)?.id).map((node) => node.id))
  const after = new Set([from.id])
  const open = [from.id]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { source, target } of draft.edges) {
      if (source !== id || after.has(target) || !siblings.has(target)) continue
      after.add(target)
      open.push(target)
    }
  }
  const nodes = draft.nodes.map((node) =>
    after.has(node.id)
      ? { ...node, position: { x: node.position.x + by.x, y: node.position.y + by.y } }
      : node,
  )
  return settleInside({ ...draft, nodes }, after)
}
