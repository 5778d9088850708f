import { Position, type Edge, type Node, type NodeHandle } from "@xyflow/react"
import { sourceHandle, type FlowEdge, type FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { nothingFolded, type Folding } from "./folding.ts"
import { arrivalY, lookOf, placedHandles, type Look } from "./geometry.ts"
import { nestingOf } from "./nesting.ts"
import { titleOf } from "./node-card.tsx"

/** Whether a frame is drawn folded: all that React Flow is told of a node beside its place. */
type Shape = { folded?: true }
export type CanvasNode = Node<Shape, Look>
export type CanvasEdge = Edge<Record<string, never>, "route">

const noData: Record<string, never> = {}
const plain: Shape = {}
const folded: Shape = { folded: true }
/** Says the keys of the canvas to those who do not see it; the canvas holds the words under this id. */
export const canvasKeysId = "canvas-keys"
const described = { "aria-describedby": canvasKeysId }

/** As the style sheet draws them: their middle lies on the node's edge. */
const handleSize = 9
const at = { width: handleSize, height: handleSize }

/**
 * A node as React Flow wants it. It carries no data: the component reads its own atom, so that typing in the panel leaves
 * React Flow alone. Sizes and handles are given, so that edges to nodes out of view can be drawn without rendering them.
 */
export function canvasNode(
  node: FlowNode,
  selected = false,
  parentId?: string,
  folding = nothingFolded,
): CanvasNode {
  const size = folding.sizeOf(node)
  const isFolded = folding.isFolded(node.id)
  const handle = (type: NodeHandle["type"], y: number): NodeHandle => ({
    type,
    position: type === "target" ? Position.Left : Position.Right,
    x: (type === "target" ? 0 : size.width) - handleSize / 2,
    y: y - handleSize / 2,
    ...at,
  })
  // At a folded group the edges of what is inside end, though none of its own can.
  const isEntered = kindOf(node.type)?.takesInput !== false || isFolded
  const ways = placedHandles(node).map(({ id, y }) => ({ id, ...handle("source", y) }))
  const leaving = isFolded && ways.length === 0 ? [handle("source", size.height / 2)] : ways
  return {
    id: node.id,
    type: lookOf(node),
    position: node.position,
    data: isFolded ? folded : plain,
    selected,
    ...(folding.isHidden(node.id) ? { hidden: true } : {}),
    ...size,
    measured: size,
    ...(parentId === undefined ? {} : { parentId }),
    // A frame lies behind the edges that pass it by, and behind steps that are dragged over it.
    ...(lookOf(node) === "frame" && parentId === undefined && !isFolded ? { zIndex: -1 } : {}),
    handles: [
      ...(isEntered ? [handle("target", isFolded ? size.height / 2 : arrivalY(node))] : []),
      ...leaving,
    ],
    ariaLabel: labelOf(node),
    domAttributes: described,
  }
}

function labelOf(node: FlowNode): string {
  const kind = kindOf(node.type)?.title ?? node.type
  const title = titleOf(node)
  return title === kind ? `${title}, ${node.id}` : `${title}, ${kind}, ${node.id}`
}

export function canvasEdge(edge: FlowEdge, selected = false, folding = nothingFolded): CanvasEdge {
  const [source, target] = [folding.standIn(edge.source), folding.standIn(edge.target)]
  return {
    id: edge.id,
    type: "route",
    source,
    target,
    sourceHandle: source === edge.source ? sourceHandle(edge) : null,
    targetHandle: null,
    data: noData,
    selected,
    ...(source === target && source !== edge.source ? { hidden: true } : {}),
    ariaLabel: `From ${edge.source} to ${edge.target}`,
  }
}

const samePlace = (one: CanvasNode, other: CanvasNode) =>
  one.position.x === other.position.x && one.position.y === other.position.y

/**
 * What React Flow holds, brought to what the flow says; nodes that need no change stay the same objects. `shown` are the nodes
 * that were brought over the last time: typing changes one of two thousand, and the others are not looked at again.
 */
export function reconcileNodes(
  held: readonly CanvasNode[],
  nodes: readonly FlowNode[],
  selected: ReadonlySet<string>,
  shown: ReadonlySet<FlowNode> = new Set(),
  folding: Folding = nothingFolded,
): CanvasNode[] {
  const byId = new Map(held.map((node) => [node.id, node]))
  const nesting = nestingOf(nodes)
  return nesting.parentsFirst().map((node) => {
    const was = byId.get(node.id)
    // A node in the hand stays as the hand holds it; its place and size are told when it is put down.
    if (was?.dragging || was?.resizing) return was
    const isSelected = selected.has(node.id)
    const parentId = nesting.parent(node.id)?.id
    const isKnown = was !== undefined && was.parentId === parentId
    const isDrawnAlike =
      isKnown &&
      (was.hidden ?? false) === folding.isHidden(node.id) &&
      (was.data.folded ?? false) === folding.isFolded(node.id)
    if (isDrawnAlike && shown.has(node) && (was.selected ?? false) === isSelected) return was
    const next = canvasNode(node, isSelected, parentId, folding)
    return isKnown && sameNode(was, next) ? was : next
  })
}

const sameNode = (was: CanvasNode, next: CanvasNode): boolean =>
  samePlace(was, next) && isOtherwiseSame(was, next)

/** Whether a node is drawn alike, wherever it is. */
export const isOtherwiseSame = (was: CanvasNode, next: CanvasNode): boolean =>
  was.type === next.type &&
  was.hidden === next.hidden &&
  was.data.folded === next.data.folded &&
  was.width === next.width &&
  (was.selected ?? false) === next.selected &&
  was.ariaLabel === next.ariaLabel &&
  was.height === next.height &&
  sameHandles(was.handles, next.handles)

const sameHandles = (one: NodeHandle[] | undefined, other: NodeHandle[] | undefined): boolean =>
  one?.length === other?.length &&
  (one ?? []).every((handle, i) => handle.id === other?.[i]?.id && handle.y === other?.[i]?.y)

export function reconcileEdges(
  held: readonly CanvasEdge[],
  edges: readonly FlowEdge[],
  selected: ReadonlySet<string>,
  folding: Folding = nothingFolded,
): CanvasEdge[] {
  const byId = new Map(held.map((edge) => [edge.id, edge]))
  return edges.map((edge) => {
    const was = byId.get(edge.id)
    const next = canvasEdge(edge, selected.has(edge.id), folding)
    const unchanged =
      was !== undefined &&
      was.source === next.source &&
      was.target === next.target &&
      was.sourceHandle === next.sourceHandle &&
      was.hidden === next.hidden &&
      (was.selected ?? false) === next.selected
    return unchanged ? was : next
  })
}
