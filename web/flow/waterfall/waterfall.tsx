import { useVirtualizer } from "@tanstack/react-virtual"
import { useCallback, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react"
import type { Span } from "#core/trace/span"
import { cn } from "#web/ui/cn.ts"
import { useMedia } from "#web/ui/use-media.ts"
import { useNow } from "#web/ui/use-now.ts"
import { Axis } from "./axis.tsx"
import { Facts, type Pointed } from "./facts.tsx"
import { extentOf, rowsOf, treeOf, type WaterfallRow } from "./model.ts"
import { lineHeight } from "./tracks.ts"
import { useZoom, type Zoom } from "./use-zoom.ts"
import { WaterfallLine } from "./waterfall-row.tsx"

export type WaterfallProps = {
  /** In any order; those under way have no end yet. */
  spans: readonly Span[]
  /** A span's id; lines stand for their last attempt. */
  selectedId: string | null
  /** By click or key; null when the selection is given up. */
  onSelect: (span: Span | null) => void
  /** What a screen reader calls it. */
  label?: string
  className?: string
}

/** An execution's spans on one axis of time, nested as they called each other. It fills its parent, which has a height. */
export function Waterfall({ spans, selectedId, onSelect, label = "Waterfall", className }: WaterfallProps) {
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map())
  const tree = useMemo(() => treeOf(spans), [spans])
  const rows = useMemo(() => rowsOf(tree, toggled, selectedId), [tree, toggled, selectedId])
  const isOpen = useMemo(() => spans.some((span) => span.end_time === null), [spans])
  const clock = useNow(isOpen ? 100 : null)
  const whole = useMemo(() => extentOf(spans, clock), [spans, clock])
  const frame = useRef<HTMLDivElement>(null)
  const zoom = useZoom(whole, frame)
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const toggle = useCallback(
    (key: string, open: boolean) => setToggled((held) => new Map(held).set(key, open)),
    [],
  )
  return (
    <div
      ref={frame}
      className={cn("flex min-h-0 flex-1 flex-col", className)}
      onPointerMove={(event) => setPointed((held) => pointedAt(event.target, event, held))}
      onPointerLeave={() => setPointed(null)}
      onWheel={() => setPointed(null)}
    >
      <Axis zoom={zoom} whole={whole} />
      <Lines
        label={label}
        rows={rows}
        zoom={zoom}
        clock={clock}
        selectedId={selectedId}
        onSelect={onSelect}
        onToggle={toggle}
      />
      {pointed && <Facts pointed={pointed} spans={spans} from={whole.from} now={clock} />}
    </div>
  )
}

type LinesProps = {
  label: string
  rows: readonly WaterfallRow[]
  zoom: Zoom
  clock: number
  selectedId: string | null
  onSelect: (span: Span | null) => void
  onToggle: (key: string, open: boolean) => void
}

/** The lines in view; the list has the focus and says which line is the active one. */
function Lines({ label, rows, zoom, clock, selectedId, onSelect, onToggle }: LinesProps) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const height = useMedia("(pointer: coarse)") ? lineHeight.coarse : lineHeight.fine
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 16,
  })
  const selectedAt = useMemo(
    () =>
      selectedId === null ? -1 : rows.findIndex((row) => row.spans.some((span) => span.id === selectedId)),
    [rows, selectedId],
  )
  useEffect(() => {
    if (selectedAt >= 0) virtual.scrollToIndex(selectedAt)
    // Only a choice moves the list; lines that arrive do not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = keys({ rows, at: selectedAt, select: onSelect, toggle: onToggle, zoom })[event.key]
    if (!act) return
    act()
    event.preventDefault()
  }
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={selectedAt < 0 ? undefined : `${id}-${rows[selectedAt]!.key}`}
      onKeyDown={onKeyDown}
      className="focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <div role="none" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!
          const isSelected = index === selectedAt
          return (
            <WaterfallLine
              key={row.key}
              id={`${id}-${row.key}`}
              row={row}
              view={zoom.view}
              now={row.spans.at(-1)?.end_time === null ? clock : 0}
              selectedId={isSelected ? selectedId : null}
              isSelected={isSelected}
              top={start}
              height={height}
              onSelect={onSelect}
              onToggle={onToggle}
            />
          )
        })}
      </div>
      {rows.length === 0 && <p className="px-4 py-3 text-muted">Nothing has begun yet.</p>}
    </div>
  )
}

type KeyContext = {
  rows: readonly WaterfallRow[]
  at: number
  select: (span: Span | null) => void
  toggle: (key: string, open: boolean) => void
  zoom: Zoom
}

/** What each key does: as in any tree, and + - 0 for the time. */
function keys({ rows, at, select, toggle, zoom }: KeyContext): Record<string, () => void> {
  const go = (to: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (row) select(row.spans.at(-1)!)
  }
  const row = rows[at]
  const outward = () => {
    if (!row) return go(0)
    if (row.open) return toggle(row.key, false)
    const above = rows.slice(0, at).findLastIndex((one) => one.depth < row.depth)
    if (above >= 0) go(above)
  }
  const inward = () => {
    if (!row) return go(0)
    if (row.holds && !row.open) toggle(row.key, true)
    else if (row.holds) go(at + 1)
  }
  const down = () => go(at + 1)
  const up = () => go(at < 0 ? 0 : at - 1)
  return {
    ArrowDown: down,
    j: down,
    ArrowUp: up,
    k: up,
    ArrowRight: inward,
    ArrowLeft: outward,
    Home: () => go(0),
    End: () => go(rows.length - 1),
    PageDown: () => go(at + 15),
    PageUp: () => go(at - 15),
    Escape: () => select(null),
    "+": () => zoom.by(0.5),
    "=": () => zoom.by(0.5),
    "-": () => zoom.by(2),
    "0": () => zoom.to(null),
  }
}

/** The bar under the pointer; the same object while it stays the same bar, so that nothing is drawn anew. */
function pointedAt(
  target: EventTarget,
  { clientX: x, clientY: y }: { clientX: number; clientY: number },
  held: Pointed | null,
): Pointed | null {
  const bar = target instanceof Element ? target.closest("[data-span]") : null
  const id = bar?.getAttribute("data-span")
  if (id == null) return null
  return held?.id === id ? held : { id, x, y }
}
