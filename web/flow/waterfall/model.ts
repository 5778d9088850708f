import type { Span } from "#core/trace/span"

/** One line of the waterfall: a step with all its attempts, an iteration, a call, a wait. */
export type WaterfallRow = {
  key: string
  depth: number
  /** In order; the last one says how it is. A step has one for each attempt. */
  spans: readonly Span[]
  /** The waits between attempts. */
  pauses: readonly Span[]
  /** Whether rows can be shown beneath it, and are. */
  holds: boolean
  open: boolean
}

type Branch = { key: string; spans: Span[]; pauses: Span[]; branches: Branch[]; isOpen: boolean }

/** Spans as a tree, attempts of one thing brought together. */
export type WaterfallTree = { roots: readonly Branch[]; keyOf: ReadonlyMap<string, readonly string[]> }

/** So many iterations beside each other are shown closed until one is asked for. */
const mostOpenScopes = 3

const isPause = ({ kind, name }: Span): boolean => kind === "timer" && name === "retry"

/** What attempts and repeats have in common. */
function keyOf(span: Span): string {
  if (span.kind === "step") return `step ${span.scope}/${span.node_id}`
  return span.kind === "scope" ? `scope ${span.scope}` : span.id
}

const byStart = (one: Span, other: Span): number =>
  one.start_time < other.start_time ? -1 : one.start_time > other.start_time ? 1 : 0

/** Puts spans under their parents. One whose parent is not there, such as on a page of many, stands at the top. */
export function treeOf(spans: readonly Span[]): WaterfallTree {
  const known = new Set(spans.map((span) => span.id))
  const under = new Map<string | null, Span[]>()
  for (const span of spans) {
    const parent = span.parent_id !== null && known.has(span.parent_id) ? span.parent_id : null
    const list = under.get(parent)
    if (list) list.push(span)
    else under.set(parent, [span])
  }
  const paths = new Map<string, readonly string[]>()
  const branchesOf = (children: Span[], path: readonly string[]): Branch[] => {
    const found = new Map<string, Branch>()
    const pauses: Span[] = []
    for (const span of children.toSorted(byStart)) {
      if (isPause(span)) {
        pauses.push(span)
        continue
      }
      const key = keyOf(span)
      const branch = found.get(key)
      if (branch) branch.spans.push(span)
      else found.set(key, { key, spans: [span], pauses: [], branches: [], isOpen: true })
    }
    for (const pause of pauses) {
      const key = `step ${pause.scope}/${pause.node_id}`
      const branch = found.get(key)
      if (branch) branch.pauses.push(pause)
      else found.set(pause.id, { key: pause.id, spans: [pause], pauses: [], branches: [], isOpen: true })
    }
    const branches = [...found.values()]
    const scopes = branches.filter((one) => one.spans[0]?.kind === "scope").length
    for (const branch of branches) {
      const here = [...path, branch.key]
      for (const span of [...branch.spans, ...branch.pauses]) paths.set(span.id, here)
      branch.branches = branchesOf(
        branch.spans.flatMap((span) => under.get(span.id) ?? []),
        here,
      )
      if (branch.spans[0]?.kind === "scope" && scopes > mostOpenScopes) branch.isOpen = false
    }
    return branches
  }
  return { roots: branchesOf(under.get(null) ?? [], []), keyOf: paths }
}

/**
 * The lines that are shown: what stands in an open branch, in order. `toggled` is what the reader opened and closed; without it
 * the way down to the selected span is open, and iterations are closed where they are many.
 */
export function rowsOf(
  tree: WaterfallTree,
  toggled: ReadonlyMap<string, boolean>,
  selectedId: string | null,
): WaterfallRow[] {
  const way = new Set(selectedId === null ? [] : tree.keyOf.get(selectedId)?.slice(0, -1))
  const rows: WaterfallRow[] = []
  const list = (branches: readonly Branch[], depth: number): void => {
    for (const { key, spans, pauses, branches: inner, isOpen } of branches) {
      const open = inner.length > 0 && (toggled.get(key) ?? (isOpen || way.has(key)))
      rows.push({ key, depth, spans, pauses, holds: inner.length > 0, open })
      if (open) list(inner, depth + 1)
    }
  }
  list(tree.roots, 0)
  return rows
}

/** The span that stands for a step: its last attempt, if there are spans of it. */
export function spanOfStep(spans: readonly Span[], nodeId: string, scope: string): Span | undefined {
  let last: Span | undefined
  for (const span of spans) {
    if (span.kind !== "step" || span.node_id !== nodeId || span.scope !== scope) continue
    if (!last || span.start_time >= last.start_time) last = span
  }
  return last
}

/** Times in ms since 1970. */
export type Extent = { from: number; until: number }

/** From the first beginning to the last end, or to now while something goes on. */
export function extentOf(spans: readonly Span[], now: number): Extent {
  let from = Infinity
  let until = -Infinity
  for (const { start_time, end_time } of spans) {
    from = Math.min(from, Date.parse(start_time))
    until = Math.max(until, end_time === null ? now : Date.parse(end_time))
  }
  if (from === Infinity) return { from: now, until: now + 1 }
  return { from, until: Math.max(until, from + 1) }
}

/** Where a span lies on a part of the axis, in percent; null when it lies outside. */
export function placeOf(span: Span, view: Extent, now: number): { left: number; width: number } | null {
  const began = Date.parse(span.start_time)
  const ended = span.end_time === null ? Math.max(now, began) : Date.parse(span.end_time)
  if (ended < view.from || began > view.until) return null
  const percent = (at: number) =>
    ((Math.min(Math.max(at, view.from), view.until) - view.from) / (view.until - view.from)) * 100
  return { left: percent(began), width: percent(ended) - percent(began) }
}

/** Round marks of the axis inside a view, in ms after `origin`, about as many as there is room for. */
export function ticksFor(view: Extent, origin: number, room: number): number[] {
  const rough = Math.max(0.1, (view.until - view.from) / room)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough
  const first = Math.ceil((view.from - origin) / step)
  const last = Math.floor((view.until - origin) / step)
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step)
}

/** Nothing is looked at closer than this, in ms. */
const closest = 1

/** A view drawn together or apart around a place on it (0 left, 1 right), inside the whole; null is the whole. */
export function zoomed(view: Extent, whole: Extent, factor: number, at = 0.5): Extent | null {
  const size = Math.max(closest, (view.until - view.from) * factor)
  if (size >= whole.until - whole.from) return null
  const from = view.from + (view.until - view.from - size) * at
  return within(from, size, whole)
}

/** A view moved by a part of its size. */
export const panned = (view: Extent, whole: Extent, by: number): Extent =>
  within(view.from + (view.until - view.from) * by, view.until - view.from, whole)

function within(from: number, size: number, whole: Extent): Extent {
  const begun = Math.min(Math.max(from, whole.from), whole.until - size)
  return { from: begun, until: begun + size }
}
