import type { Box, Point } from "#web/flow/geometry.ts"
import { cheapest } from "./heap.ts"

/** How far a line keeps from what it passes, and how far it goes straight on from where it leaves. */
const clearance = 16
const lead = 20
/** What may lie in the way of one line at most; of more the nearest count. */
const mostInWay = 24
/** A bend is worth this much of a longer way. */
const bendCost = 48
const samples = 32
/** A line may pass this near without being led around. */
const touch = 3

const contains = ({ x, y, width, height }: Box, at: Point, by: number): boolean =>
  at.x > x - by && at.x < x + width + by && at.y > y - by && at.y < y + height + by

/** A point of the curve that is drawn where nothing is in the way. */
function onCurve(from: Point, to: Point, t: number): Point {
  const reach = to.x - from.x
  const bend = reach >= 0 ? reach / 2 : 0.35 * 25 * Math.sqrt(-reach)
  const s = 1 - t
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t]
  return {
    x: a * from.x + b * (from.x + bend) + c * (to.x - bend) + d * to.x,
    y: (a + b) * from.y + (c + d) * to.y,
  }
}

/** Whether the plain curve between two points passes over any of the boxes. */
export function isCrossed(from: Point, to: Point, boxes: readonly Box[]): boolean {
  if (boxes.length === 0) return false
  for (let i = 1; i < samples; i++) {
    const at = onCurve(from, to, i / samples)
    if (boxes.some((box) => contains(box, at, touch))) return true
  }
  return false
}

/** The room that a line between two points may take: what lies beyond it concerns it not. */
export function roomOf(from: Point, to: Point): Box {
  const reach = 160
  const x = Math.min(from.x, to.x) - reach
  const y = Math.min(from.y, to.y) - reach
  return {
    x,
    y,
    width: Math.abs(to.x - from.x) + 2 * reach,
    height: Math.abs(to.y - from.y) + 2 * reach,
  }
}

/**
 * The corners of a line around boxes, from the right of one node to the left of another: short, with few bends. Null where none
 * leads around.
 */
export function detour(from: Point, to: Point, boxes: readonly Box[]): Point[] | null {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
  const far = ({ x, y, width, height }: Box): number =>
    Math.abs(x + width / 2 - middle.x) + Math.abs(y + height / 2 - middle.y)
  const near =
    boxes.length <= mostInWay
      ? boxes
      : boxes
          .map((box) => ({ box, by: far(box) }))
          .toSorted((one, other) => one.by - other.by)
          .slice(0, mostInWay)
          .map(({ box }) => box)
  const begin = { x: from.x + lead, y: from.y }
  const end = { x: to.x - lead, y: to.y }
  const corners = throughGrid(begin, end, near)
  return corners && straightened([from, ...corners, to])
}

const unique = (values: number[]): number[] => [...new Set(values)].toSorted((one, other) => one - other)

/** The cheapest way along the lines that run beside the boxes. */
function throughGrid(begin: Point, end: Point, boxes: readonly Box[]): Point[] | null {
  const xs = unique([
    begin.x,
    end.x,
    ...boxes.flatMap(({ x, width }) => [x - clearance, x + width + clearance]),
  ])
  const ys = unique([
    begin.y,
    end.y,
    ...boxes.flatMap(({ y, height }) => [y - clearance, y + height + clearance]),
  ])
  const wide = xs.length
  const indexOf = ({ x, y }: Point): number => ys.indexOf(y) * wide + xs.indexOf(x)
  const pointOf = (index: number): Point => ({ x: xs[index % wide]!, y: ys[Math.floor(index / wide)]! })
  const isFree = (one: Point, other: Point): boolean => !boxes.some((box) => isOver(box, one, other))
  const goal = indexOf(end)
  // A place is reached along a row (even) or a column (odd): a bend costs, so the two are told apart.
  const found = cheapest(indexOf(begin) * 2, (state) => Math.floor(state / 2) === goal, {
    rest: (state) => {
      const at = pointOf(Math.floor(state / 2))
      return Math.abs(at.x - end.x) + Math.abs(at.y - end.y)
    },
    steps: (state, go) => {
      const index = Math.floor(state / 2)
      const column = index % wide
      const at = pointOf(index)
      const step = (next: number, way: 0 | 1) => {
        const to = pointOf(next)
        if (!isFree(at, to)) return
        const bend = state % 2 === way ? 0 : bendCost
        go(next * 2 + way, Math.abs(to.x - at.x) + Math.abs(to.y - at.y) + bend)
      }
      if (column > 0) step(index - 1, 0)
      if (column < wide - 1) step(index + 1, 0)
      if (index >= wide) step(index - wide, 1)
      if (index + wide < wide * ys.length) step(index + wide, 1)
    },
  })
  return found?.map((state) => pointOf(Math.floor(state / 2))) ?? null
}

/** Whether a straight piece comes too near to a box. */
const isOver = ({ x, y, width, height }: Box, one: Point, other: Point): boolean => {
  const by = clearance - 1
  return (
    Math.max(one.x, other.x) > x - by &&
    Math.min(one.x, other.x) < x + width + by &&
    Math.max(one.y, other.y) > y - by &&
    Math.min(one.y, other.y) < y + height + by
  )
}

/** Without the points at which nothing bends. */
function straightened(points: readonly Point[]): Point[] {
  return points.filter((at, i) => {
    const [before, after] = [points[i - 1], points[i + 1]]
    if (!before || !after) return true
    const isSame = at.x === before.x && at.y === before.y
    const isStraight = (before.x === at.x && at.x === after.x) || (before.y === at.y && at.y === after.y)
    return !isSame && !isStraight
  })
}

const roundness = 12

/** The line as a path with round corners, and its middle, where something may stand on it. */
export function drawn(points: readonly Point[]): { d: string; middle: Point } {
  const [first] = points
  const parts = [`M${first!.x} ${first!.y}`]
  const lengths = points.slice(1).map((at, i) => Math.hypot(at.x - points[i]!.x, at.y - points[i]!.y))
  for (const [i, at] of points.entries()) {
    if (i === 0) continue
    const after = points[i + 1]
    if (!after) {
      parts.push(`L${at.x} ${at.y}`)
      continue
    }
    const radius = Math.min(roundness, lengths[i - 1]! / 2, lengths[i]! / 2)
    const before = towards(at, points[i - 1]!, radius)
    const next = towards(at, after, radius)
    parts.push(`L${before.x} ${before.y}`, `Q${at.x} ${at.y} ${next.x} ${next.y}`)
  }
  return { d: parts.join(" "), middle: middleOf(points, lengths) }
}

function towards(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  if (length === 0) return from
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length }
}

function middleOf(points: readonly Point[], lengths: readonly number[]): Point {
  let left = lengths.reduce((sum, one) => sum + one, 0) / 2
  for (const [i, length] of lengths.entries()) {
    if (left <= length) return towards(points[i]!, points[i + 1]!, left)
    left -= length
  }
  return points.at(-1)!
}
