import type { FlowNode } from "#core/flow/graph"
import { type CanvasNode, canvasNode, isOtherwiseSame } from "#web/flow/canvas-elements.ts"
import type { Folding } from "#web/flow/folding.ts"
import { sameStructure } from "../model/alike.ts"
import type { RouteOf } from "./carried.ts"
import type { FlowStore } from "./edge-ends.ts"
import { Moved, type Move } from "./moved.ts"

/** So long at most React is not told of what has moved, ms. */
const settleMs = 200
/** More at once is a change of the whole, and left to React. */
const mostMoved = 50

/** What the document says of some nodes anew when it says nothing but where they stand; null when it says more. */
export function movesIn(
  flow: FlowStore,
  was: readonly FlowNode[],
  nodes: readonly FlowNode[],
  selected: ReadonlySet<string>,
  folding: Folding,
): Move[] | null {
  if (!sameStructure(was, nodes)) return null
  const { nodeLookup } = flow.getState()
  const moves: Move[] = []
  for (const [i, node] of nodes.entries()) {
    if (node === was[i]) continue
    const held: CanvasNode | undefined = nodeLookup.get(node.id)?.internals.userNode
    if (!held) return null
    // A node in the hand stays as the hand holds it; its place and size are told when it is put down.
    if (held.dragging || held.resizing) continue
    const next = canvasNode(node, selected.has(node.id), held.parentId, folding)
    if (!isOtherwiseSame(held, next)) return null
    const { x, y } = next.position
    if (x !== held.position.x || y !== held.position.y) moves.push({ id: node.id, position: next.position })
  }
  return moves.length > mostMoved ? null : moves
}

/** Nodes that others move, or this person without a hand: drawn at once, and told to React a little later, many steps as one. */
export class PastReact {
  private readonly flow: FlowStore
  private readonly routeOf: RouteOf
  private readonly onMoved: () => void
  private moved: Moved | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(flow: FlowStore, routeOf: RouteOf, onMoved: () => void) {
    this.flow = flow
    this.routeOf = routeOf
    this.onMoved = onMoved
  }

  move(moves: readonly Move[]): void {
    if (moves.length === 0) return
    this.movedWith(moves).moveTo(moves)
    this.onMoved()
    this.timer ??= setTimeout(() => this.settle(), settleMs)
  }

  /** React is told of everything now: who is inside whom may be another by then. */
  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.moved?.letGo()
    this.moved = undefined
  }

  /** Those that moved since React was told last, and these. */
  private movedWith(moves: readonly Move[]): Moved {
    const { moved } = this
    if (moved && moves.every(({ id }) => moved.held.has(id))) return moved
    moved?.letGo()
    const held = new Set([...(moved?.held ?? []), ...moves.map(({ id }) => id)])
    return (this.moved = new Moved(this.flow, held, this.routeOf))
  }

  private settle(): void {
    this.timer = undefined
    this.moved?.letGo()
    this.moved = undefined
    this.flow.setState({})
  }
}
