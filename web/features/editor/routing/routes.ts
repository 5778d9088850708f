import type { FlowDraft } from "#core/contract/flows"
import { sourceHandle, type FlowNode } from "#core/flow/graph"
import type { Around } from "#web/flow/edge-line.ts"
import type { Folding } from "#web/flow/folding.ts"
import { arrivalY, isFrame, placedHandles, type Box, type Point } from "#web/flow/geometry.ts"
import { nestingOf, type Nesting } from "#web/flow/nesting.ts"
import { detour, drawn, isCrossed, roomOf } from "./detour.ts"

/** A line that is led around nodes. */
export type Route = Around

/** Half of a handle lies outside of its node: there edges begin and end. */
const outside = 4.5
const cell = 512

type Line = { from: Point; to: Point; source: string; target: string }
type Known = Line & { route: Route | null }
type Graph = Pick<FlowDraft, "nodes" | "edges">

const samePoint = (one: Point, other: Point): boolean => one.x === other.x && one.y === other.y
const sameBox = (one: Box | undefined, other: Box | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  samePoint(one, other) &&
  one.width === other.width &&
  one.height === other.height
const meets = (one: Box, other: Box): boolean =>
  one.x <= other.x + other.width &&
  other.x <= one.x + one.width &&
  one.y <= other.y + other.height &&
  other.y <= one.y + one.height

/**
 * The lines of a flow that are led around nodes. A change makes those anew whose ends have moved, and those that something that
 * has moved was near to or is now; the others stay the same objects.
 */
export class Routes {
  private boxes = new Map<string, Box>()
  private known = new Map<string, Known>()

  /** Takes in a change: what has to be made anew, edge by edge, to be called as time allows. */
  begin(graph: Graph, folding: Folding): (() => void)[] {
    const nesting = nestingOf(graph.nodes)
    const boxes = boxesOf(graph, nesting, folding)
    const moved = movedBetween(this.boxes, boxes)
    this.boxes = boxes
    const grid = new Grid(boxes)
    const lines = linesOf(graph, nesting, boxes, folding)
    for (const id of this.known.keys()) if (!lines.has(id)) this.known.delete(id)
    const work: (() => void)[] = []
    for (const [id, line] of lines) {
      const was = this.known.get(id)
      const isSame = was && samePoint(was.from, line.from) && samePoint(was.to, line.to)
      const room = roomOf(line.from, line.to)
      if (isSame && !moved.some((box) => meets(box, room))) continue
      // Until it is made it is not known: work that is given up is found again.
      this.known.delete(id)
      work.push(() => {
        const made = routeOf(line, grid.within(room), nesting)
        const old = was?.route
        this.known.set(id, { ...line, route: old && old.d === made?.d ? old : made })
      })
    }
    return work
  }

  /** What is led around something, by edge; unchanged ones are the same objects. */
  all(): Map<string, Route> {
    const routes = new Map<string, Route>()
    for (const [id, { route }] of this.known) if (route) routes.set(id, route)
    return routes
  }
}

function routeOf(
  { from, to, source, target }: Line,
  near: readonly Placed[],
  nesting: Nesting,
): Route | null {
  // What an end stands in is left by the line; what it stands on cannot be passed.
  const isPassed = ({ id, box }: Placed): boolean =>
    id !== source &&
    id !== target &&
    !nesting.isInside(source, id) &&
    !nesting.isInside(target, id) &&
    !covers(box, from) &&
    !covers(box, to)
  const boxes = near.filter(isPassed).map(({ box }) => box)
  if (!isCrossed(from, to, boxes)) return null
  const points = detour(from, to, boxes)
  return points && { from, to, ...drawn(points) }
}

const covers = ({ x, y, width, height }: Box, at: Point): boolean =>
  at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + height

function boxesOf({ nodes }: Graph, nesting: Nesting, folding: Folding): Map<string, Box> {
  const boxes = new Map<string, Box>()
  for (const node of nodes)
    if (!folding.isHidden(node.id)) boxes.set(node.id, { ...nesting.place(node.id), ...folding.sizeOf(node) })
  return boxes
}

function movedBetween(was: ReadonlyMap<string, Box>, now: ReadonlyMap<string, Box>): Box[] {
  const moved: Box[] = []
  for (const [id, box] of now) {
    const old = was.get(id)
    if (sameBox(old, box)) continue
    moved.push(box)
    if (old) moved.push(old)
  }
  for (const [id, box] of was) if (!now.has(id)) moved.push(box)
  return moved
}

/** Heights of a node's ways, worked out once for each node as it is written. */
const heights = new WeakMap<FlowNode, { ways: Map<string, number>; arrival: number }>()

function heightsOf(node: FlowNode) {
  const known = heights.get(node)
  if (known) return known
  const made = {
    ways: new Map(placedHandles(node).map(({ id, y }) => [id, y])),
    arrival: arrivalY(node),
  }
  heights.set(node, made)
  return made
}

function linesOf(
  { edges }: Graph,
  nesting: Nesting,
  boxes: ReadonlyMap<string, Box>,
  folding: Folding,
): Map<string, Line> {
  const lines = new Map<string, Line>()
  for (const edge of edges) {
    const [source, target] = [folding.standIn(edge.source), folding.standIn(edge.target)]
    const [begin, end] = [boxes.get(source), boxes.get(target)]
    const [node, goal] = [nesting.node(source), nesting.node(target)]
    if (!begin || !end || !node || !goal || source === target) continue
    const leaves = source === edge.source ? heightsOf(node).ways.get(sourceHandle(edge)) : begin.height / 2
    if (leaves === undefined) continue
    const isFolded = isFrame(goal) && folding.isFolded(target)
    const arrives = isFolded ? end.height / 2 : heightsOf(goal).arrival
    lines.set(edge.id, {
      source,
      target,
      from: { x: begin.x + begin.width + outside, y: begin.y + leaves },
      to: { x: end.x - outside, y: end.y + arrives },
    })
  }
  return lines
}

type Placed = { id: string; box: Box }

/** Boxes by where they lie, so that a line asks for those around it alone. */
class Grid {
  private readonly cells = new Map<string, Placed[]>()

  constructor(boxes: ReadonlyMap<string, Box>) {
    for (const [id, box] of boxes)
      for (const key of keysOf(box)) {
        const held = this.cells.get(key)
        if (held) held.push({ id, box })
        else this.cells.set(key, [{ id, box }])
      }
  }

  within(room: Box): Placed[] {
    const found = new Map<string, Placed>()
    for (const key of keysOf(room))
      for (const one of this.cells.get(key) ?? []) if (meets(one.box, room)) found.set(one.id, one)
    return [...found.values()]
  }
}

function keysOf({ x, y, width, height }: Box): string[] {
  const keys: string[] = []
  for (let column = Math.floor(x / cell); column <= Math.floor((x + width) / cell); column++)
    for (let row = Math.floor(y / cell); row <= Math.floor((y + height) / cell); row++)
      keys.push(`${column} ${row}`)
  return keys
}
