import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { isFrame, sizeOf, type Point, type Size } from "#web/flow/geometry.ts"
import { insideOf, nestingOf, sizeToHold, type Nesting } from "#web/flow/nesting.ts"
import { settleInside } from "./frames.ts"
import { componentsOf, layersOf, untangle, type Way } from "./layers.ts"
import { gap, snapped } from "./placement.ts"

type SizeOf = (node: FlowNode) => Size
type Places = Map<string, Point>

const lineGap = 2 * gap.y
const widestRow = 5

/**
 * Orders a flow from left to right: what comes after stands further right, with as few crossings as a quick hand finds. Every
 * frame is ordered by itself, from the inside out, and made as large as it must be. With `chosen`, these alone are ordered, where
 * they stand. `sizes` says how large nodes are drawn, where that is not what they are.
 */
export function arrange(
  draft: FlowDraft,
  chosen: ReadonlySet<string> = new Set(),
  sizes: SizeOf = sizeOf,
): FlowDraft {
  const nesting = nestingOf(draft.nodes)
  if (chosen.size > 1) {
    const nodes = nesting.outermost(chosen)
    const levels = Map.groupBy(nodes, (node) => nesting.parent(node.id)?.id)
    const moved: Places = new Map()
    for (const members of levels.values())
      for (const [id, at] of ordered(members, waysAmong(draft, nesting, members), cornerOf(members), sizes))
        moved.set(id, at)
    return settleInside(moveTo(draft, moved), moved.keys())
  }
  const frames = draft.nodes
    .filter(isFrame)
    .toSorted((one, other) => nesting.around(other.id).length - nesting.around(one.id).length)
  let next = draft
  for (const frame of frames) next = arrangeInside(next, frame.id, sizes)
  const top = nestingOf(next.nodes)
  const members = [...top.children(undefined)]
  return moveTo(next, ordered(members, waysAmong(next, top, members), cornerOf(members), sizes))
}

function arrangeInside(draft: FlowDraft, frameId: string, sizes: SizeOf): FlowDraft {
  const nesting = nestingOf(draft.nodes)
  const frame = nesting.node(frameId)
  const members = [...nesting.children(frameId)]
  if (!frame || members.length === 0) return draft
  const ways = waysAmong(draft, nesting, members)
  const moved = moveTo(draft, ordered(members, ways, insideOf(frame), sizes))
  const size = sizeToHold(frame, nestingOf(moved.nodes).children(frameId))
  return {
    ...moved,
    nodes: moved.nodes.map((node) =>
      node.id === frameId && (node.size?.width !== size.width || node.size.height !== size.height)
        ? { ...node, size }
        : node,
    ),
  }
}

function moveTo(draft: FlowDraft, places: ReadonlyMap<string, Point>): FlowDraft {
  const nodes = draft.nodes.map((node) => {
    const at = places.get(node.id)
    if (!at || (at.x === node.position.x && at.y === node.position.y)) return node
    return { ...node, position: at }
  })
  return nodes.every((node, i) => node === draft.nodes[i]) ? draft : { ...draft, nodes }
}

const cornerOf = (nodes: readonly FlowNode[]): Point =>
  snapped({
    x: Math.min(...nodes.map(({ position }) => position.x)),
    y: Math.min(...nodes.map(({ position }) => position.y)),
  })

/** Edges as ways between nodes of one level: what leads out of a group leads from the group. */
function waysAmong(draft: FlowDraft, nesting: Nesting, members: readonly FlowNode[]): Way[] {
  const here = new Set(members.map(({ id }) => id))
  const standIn = (id: string): string | undefined =>
    here.has(id) ? id : nesting.around(id).find((frame) => here.has(frame.id))?.id
  return draft.edges.flatMap(({ source, target }): Way[] => {
    const [from, to] = [standIn(source), standIn(target)]
    return from === undefined || to === undefined || from === to ? [] : [[from, to]]
  })
}

/** Places for the nodes of one level: part by part below each other, then what nothing leads to or from, and notes above all. */
function ordered(members: readonly FlowNode[], ways: readonly Way[], corner: Point, sizes: SizeOf): Places {
  const byPlace = members.toSorted(
    (one, other) => one.position.y - other.position.y || one.position.x - other.position.x,
  )
  const notes = byPlace.filter(({ type }) => type === "note")
  const nodes = new Map(byPlace.filter(({ type }) => type !== "note").map((node) => [node.id, node]))
  const parts = componentsOf([...nodes.keys()], ways)
  const places: Places = new Map()
  let top = corner.y + heightOf(notes, sizes)
  for (const part of parts.filter((one) => one.length > 1)) {
    const drawn = drawPart(part, ways, nodes, sizes)
    for (const [id, at] of drawn.places) places.set(id, snapped({ x: corner.x + at.x, y: top + at.y }))
    top += drawn.height + lineGap
  }
  const alone = parts.filter((one) => one.length === 1).flatMap(([id]) => nodes.get(id!) ?? [])
  inRows(alone, { x: corner.x, y: top }, sizes, places)
  inRows(notes, corner, sizes, places, Infinity)
  return places
}

const heightOf = (notes: readonly FlowNode[], sizes: SizeOf): number =>
  notes.length === 0 ? 0 : Math.max(...notes.map((note) => sizes(note).height)) + gap.y

function inRows(nodes: readonly FlowNode[], from: Point, sizes: SizeOf, places: Places, most = widestRow) {
  const at = { ...from }
  let tallest = 0
  for (const [i, node] of nodes.entries()) {
    if (i > 0 && i % most === 0) {
      at.x = from.x
      at.y += tallest + gap.y
      tallest = 0
    }
    places.set(node.id, snapped(at))
    const size = sizes(node)
    at.x += size.width + gap.x
    tallest = Math.max(tallest, size.height)
  }
}

/** Columns from left to right; each node as near to the height of what leads to it as its column has room. */
function drawPart(
  ids: readonly string[],
  ways: readonly Way[],
  nodes: ReadonlyMap<string, FlowNode>,
  sizes: SizeOf,
): { places: Places; height: number } {
  const here = new Set(ids)
  const own = ways.filter(([from]) => here.has(from))
  const columns = untangle(layersOf(ids, own), own)
  const size = (id: string): Size => sizes(nodes.get(id)!)
  const middles = new Map<string, number>()
  const beside = {
    before: Map.groupBy(own, ([, to]) => to),
    after: Map.groupBy(own, ([from]) => from),
  }
  const settle = (column: readonly string[], wanted: (id: string) => number) => {
    const tops = packed(column.map((id) => ({ wanted: wanted(id), height: size(id).height })))
    for (const [i, id] of column.entries()) middles.set(id, tops[i]! + size(id).height / 2)
  }
  const mean = (all: readonly number[], otherwise: number): number =>
    all.length === 0 ? otherwise : all.reduce((sum, one) => sum + one, 0) / all.length
  const middleOf = (id: string) => middles.get(id) ?? 0
  for (const column of columns)
    settle(column, (id) =>
      mean(
        (beside.before.get(id) ?? []).map(([from]) => middleOf(from)),
        0,
      ),
    )
  for (const column of columns.toReversed())
    settle(column, (id) => {
      const following = (beside.after.get(id) ?? []).map(([, to]) => middleOf(to))
      return mean([...following, ...(following.length > 0 ? [] : [middleOf(id)])], 0)
    })
  for (const column of columns.slice(1))
    settle(column, (id) =>
      mean(
        (beside.before.get(id) ?? []).map(([from]) => middleOf(from)),
        middleOf(id),
      ),
    )
  return measured(columns, middles, size)
}

function measured(
  columns: readonly string[][],
  middles: ReadonlyMap<string, number>,
  size: (id: string) => Size,
): { places: Places; height: number } {
  const topOf = (id: string) => middles.get(id)! - size(id).height / 2
  const all = columns.flat()
  const top = Math.min(...all.map(topOf))
  const places: Places = new Map()
  let x = 0
  for (const column of columns) {
    for (const id of column) places.set(id, { x, y: topOf(id) - top })
    x += Math.max(...column.map((id) => size(id).width)) + gap.x
  }
  return { places, height: Math.max(...all.map((id) => topOf(id) + size(id).height)) - top }
}

/** Tops in the given order, none over another, on the whole as near to where they are wanted as can be. */
function packed(items: readonly { wanted: number; height: number }[]): number[] {
  const tops: number[] = []
  let free = -Infinity
  for (const { wanted, height } of items) {
    const top = Math.max(wanted - height / 2, free)
    tops.push(top)
    free = top + height + gap.y
  }
  const off = items.reduce((sum, { wanted, height }, i) => sum + tops[i]! + height / 2 - wanted, 0)
  const by = items.length === 0 ? 0 : off / items.length
  return tops.map((top) => top - by)
}
