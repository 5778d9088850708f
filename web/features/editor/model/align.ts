import type { FlowDraft } from "#core/contract/flows"
import { sizeOf, type Box, type Point, type Size } from "#web/flow/geometry.ts"
import type { FlowNode } from "#core/flow/graph"
import { nestingOf } from "#web/flow/nesting.ts"

/** Which line of the chosen nodes is brought together. */
export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom"
export type Axis = "x" | "y"

type Placed = { id: string; position: Point; box: Box }
type SizeOf = (node: FlowNode) => Size

/** The outermost of the chosen nodes with where they lie on the whole canvas, in whatever frames they stand. */
function placedOf(draft: FlowDraft, chosen: ReadonlySet<string>, sizes: SizeOf): Placed[] {
  const nesting = nestingOf(draft.nodes)
  return nesting.outermost(chosen).map((node) => ({
    id: node.id,
    position: node.position,
    box: { ...nesting.place(node.id), ...sizes(node) },
  }))
}

const lengthOf = (axis: Axis): "width" | "height" => (axis === "x" ? "width" : "height")

const shiftedTo = ({ id, position, box }: Placed, axis: Axis, to: number): [string, Point] => [
  id,
  { ...position, [axis]: Math.round(position[axis] + to - box[axis]) },
]

/** Places of the chosen nodes on one line. */
export function aligned(
  draft: FlowDraft,
  chosen: ReadonlySet<string>,
  to: Alignment,
  sizes: SizeOf = sizeOf,
): Map<string, Point> {
  const nodes = placedOf(draft, chosen, sizes)
  const axis: Axis = to === "left" || to === "center" || to === "right" ? "x" : "y"
  const length = lengthOf(axis)
  const low = Math.min(...nodes.map(({ box }) => box[axis]))
  const high = Math.max(...nodes.map(({ box }) => box[axis] + box[length]))
  const place = (box: Box): number =>
    to === "left" || to === "top"
      ? low
      : to === "right" || to === "bottom"
        ? high - box[length]
        : (low + high - box[length]) / 2
  return new Map(nodes.map((node) => shiftedTo(node, axis, place(node.box))))
}

/** Places of the chosen nodes with equal room between them; the first and the last stay, unless they lie too close. */
export function distributed(
  draft: FlowDraft,
  chosen: ReadonlySet<string>,
  axis: Axis,
  sizes: SizeOf = sizeOf,
): Map<string, Point> {
  const length = lengthOf(axis)
  const nodes = placedOf(draft, chosen, sizes).toSorted((one, other) => one.box[axis] - other.box[axis])
  const [first] = nodes
  if (!first || nodes.length < 3) return new Map()
  const high = Math.max(...nodes.map(({ box }) => box[axis] + box[length]))
  const filled = nodes.reduce((sum, { box }) => sum + box[length], 0)
  const room = Math.max(0, (high - first.box[axis] - filled) / (nodes.length - 1))
  let at = first.box[axis]
  return new Map(
    nodes.map((node) => {
      const moved = shiftedTo(node, axis, at)
      at += node.box[length] + room
      return moved
    }),
  )
}
