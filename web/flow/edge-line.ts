import { getBezierPath, Position } from "@xyflow/react"
import type { Point } from "./geometry.ts"

/** A line around what is in the way; it holds while the ends are where it was made for. */
export type Around = { from: Point; to: Point; d: string; middle: Point }

const plainCurvature = 0.35

const isNear = (one: Point, other: Point): boolean =>
  Math.abs(one.x - other.x) < 1 && Math.abs(one.y - other.y) < 1

/** The line of an edge from the right of one node to the left of another, as a path, and its middle, where something may stand. */
export function lineBetween(
  from: Point,
  to: Point,
  around: Around | undefined,
): { d: string; middle: Point } {
  if (around && isNear(around.from, from) && isNear(around.to, to)) return around
  const [d, x, y] = getBezierPath({
    sourceX: from.x,
    sourceY: from.y,
    sourcePosition: Position.Right,
    targetX: to.x,
    targetY: to.y,
    targetPosition: Position.Left,
    curvature: plainCurvature,
  })
  return { d, middle: { x, y } }
}
