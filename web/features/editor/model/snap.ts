import type { Box } from "#web/flow/geometry.ts"

/** A line that something lies on, across or down, from where to where. */
type Edge = { at: number; low: number; high: number }
/** The lines to snap to: those along which other nodes begin, end or have their middle, in order. */
export type Lines = { x: Edge[]; y: Edge[] }
/** How far to go to lie on a line, and the line as it is shown. */
export type Snap = { by: number; line: Edge }

const byPlace = (one: Edge, other: Edge): number => one.at - other.at

/** The lines of what stands still. */
export function linesOf(boxes: readonly Box[]): Lines {
  const lines: Lines = { x: [], y: [] }
  for (const { x, y, width, height } of boxes) {
    for (const at of [x, x + width / 2, x + width]) lines.x.push({ at, low: y, high: y + height })
    for (const at of [y, y + height / 2, y + height]) lines.y.push({ at, low: x, high: x + width })
  }
  lines.x.sort(byPlace)
  lines.y.sort(byPlace)
  return lines
}

/** The first line at or after a place, by halving: it is asked in every frame of a drag. */
function firstFrom(lines: readonly Edge[], at: number): number {
  let [low, high] = [0, lines.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (lines[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return low
}

/** The nearest line within reach of one of three places, made as long as what lies on it. */
function nearest(lines: readonly Edge[], places: readonly number[], span: Edge, reach: number): Snap | null {
  let by = Infinity
  for (const place of places) {
    const next = firstFrom(lines, place)
    for (const line of [lines[next - 1], lines[next]]) {
      const away = line === undefined ? Infinity : line.at - place
      // Of two equally near the left, then the middle holds.
      if (Math.abs(away) <= reach && Math.abs(away) < Math.abs(by)) by = away
    }
  }
  if (by === Infinity) return null
  const at = places
    .map((place) => place + by)
    .find((place) => lines[firstFrom(lines, place - 0.01)]?.at === place)
  const line = { at: at ?? places[0]! + by, low: span.low, high: span.high }
  for (let i = firstFrom(lines, line.at - 0.5); i < lines.length && lines[i]!.at <= line.at + 0.5; i++) {
    line.low = Math.min(line.low, lines[i]!.low)
    line.high = Math.max(line.high, lines[i]!.high)
  }
  return { by, line }
}

/** Where a box that is moved snaps to: across and down, each by itself. */
export function snapOf(
  { x, y, width, height }: Box,
  lines: Lines,
  reach: number,
): { x: Snap | null; y: Snap | null } {
  return {
    x: nearest(lines.x, [x, x + width / 2, x + width], { at: 0, low: y, high: y + height }, reach),
    y: nearest(lines.y, [y, y + height / 2, y + height], { at: 0, low: x, high: x + width }, reach),
  }
}
