import { useVirtualizer } from "@tanstack/react-virtual"
import { useEffect, useMemo, useRef, type KeyboardEvent } from "react"
import type { Execution } from "#core/contract/executions"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { usePhone } from "#web/ui/use-media.ts"
import { useNow } from "#web/ui/use-now.ts"
import { ticksFor, type TimelineRow } from "../model/timeline.ts"
import { TimelineLine } from "./timeline-line.tsx"
import { lineHeight, tracks } from "./tracks.ts"
import { useTimeline } from "./use-timeline.ts"

type TimelineViewProps = {
  graph: Execution["graph"]
  live: LiveExecution
  selectedId: string | null
  onSelect: (id: string | null) => void
}

/** Fewer rows are simply all there. */
const virtualPast = 200

const walk: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  j: (at, last) => Math.min(at + 1, last),
  k: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
}

/** The steps as a waterfall: when each began, how long it took, and where the model's first word came. */
export function TimelineView({ graph, live, selectedId, onSelect }: TimelineViewProps) {
  const timeline = useTimeline(live)
  const now = useNow(timeline.ended === undefined ? 100 : null)
  const from = timeline.began ?? now
  const until = Math.max(timeline.ended ?? now, from + 1)
  const nodes = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph])
  const scroller = useRef<HTMLDivElement>(null)
  const { rows } = timeline
  const selectedAt = rows.findIndex((row) => row.node_id === selectedId)
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: rows.length > virtualPast,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  })
  useEffect(() => {
    if (selectedAt < 0) return
    if (rows.length > virtualPast) virtual.scrollToIndex(selectedAt)
    else scroller.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })
    // Only a choice moves the list; rows that arrive do not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = walk[event.key]
    if (event.key === "Escape") onSelect(null)
    else if (!step || rows.length === 0) return
    else onSelect(rows[step(selectedAt, rows.length - 1)]!.node_id)
    event.preventDefault()
  }
  const line = (row: TimelineRow, top?: number) => (
    <TimelineLine
      key={row.key}
      row={row}
      node={nodes.get(row.node_id)}
      from={from}
      until={until}
      selected={row.node_id === selectedId}
      onSelect={onSelect}
      top={top}
    />
  )
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Axis span={until - from} />
      <div
        ref={scroller}
        role="listbox"
        aria-label="Steps"
        tabIndex={0}
        aria-activedescendant={selectedAt < 0 ? undefined : `step-${rows[selectedAt]!.key}`}
        onKeyDown={onKeyDown}
        className="focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain"
      >
        {rows.length > virtualPast ? (
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => line(rows[item.index]!, item.start))}
          </div>
        ) : (
          rows.map((row) => line(row))
        )}
        {rows.length === 0 && (
          <div
            role="option"
            tabIndex={-1}
            aria-selected={false}
            aria-disabled
            className="px-4 py-3 text-muted"
          >
            No step has begun yet.
          </div>
        )}
      </div>
    </div>
  )
}

function Axis({ span }: { span: number }) {
  const phone = usePhone()
  return (
    <div aria-hidden className={`${tracks} h-7 shrink-0 border-b text-xs text-muted`}>
      <span>Step</span>
      <span className="relative h-full">
        {ticksFor(span, phone ? 2 : 5).map((at) => (
          <span
            key={at}
            className="tabular absolute top-1.5 -translate-x-1/2 whitespace-nowrap"
            style={{ left: `${(at / span) * 100}%` }}
          >
            {sayDuration(at)}
          </span>
        ))}
      </span>
      <span className="text-right">Took</span>
    </div>
  )
}
