import { useVirtualizer } from "@tanstack/react-virtual"
import { useMemo, useRef, useState } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { JsonView } from "#web/ui/json-view.tsx"
import { journalLines, type JournalLine } from "../model/journal.ts"
import { sayOffset } from "./say-offset.ts"

type EventsTableProps = { live: LiveExecution; nodeId: string | null; onSelect: (id: string) => void }

const lineHeight = 28
/** The step has a column of its own only where the events of several are listed. */
const columnsOf = (one: boolean): string =>
  cn(
    "grid gap-3 px-4",
    one
      ? "grid-cols-[2.5rem_5.5rem_10rem_minmax(0,1fr)]"
      : "grid-cols-[2.5rem_5.5rem_10rem_minmax(4rem,8rem)_minmax(0,1fr)]",
  )

/** The journal, entry by entry: what the execution is made of. */
export function EventsTable({ live, nodeId, onSelect }: EventsTableProps) {
  const version = useLive(live, (one) => one.version)
  const [every, setEvery] = useState(false)
  const [openSeq, setOpenSeq] = useState<number | null>(null)
  const lines = useMemo(
    () => journalLines(live.events, { node: nodeId, every }),
    // The list of events grows in place; its version says when.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, version, nodeId, every],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]!.seq,
    overscan: 16,
  })
  const began = live.state.started_at ?? live.state.created_at
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center justify-end px-4">
        <CheckboxLine
          label="Every piece of text"
          checked={every}
          onCheckedChange={(on) => setEvery(on)}
          className="items-center text-sm text-muted"
        />
      </div>
      <div
        ref={scroller}
        role="table"
        aria-label="Events"
        aria-rowcount={lines.length + 1}
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="focus-ring-inset min-h-0 flex-1 overflow-auto border-t"
      >
        <div role="rowgroup" className="sticky top-0 z-10 min-w-[34rem] bg-surface">
          <div
            role="row"
            className={cn(columnsOf(nodeId !== null), "h-7 items-center border-b text-xs text-muted")}
          >
            {["No.", "Time", "Event", ...(nodeId === null ? ["Step"] : []), "What"].map((name) => (
              <span key={name} role="columnheader">
                {name}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative min-w-[34rem]" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index]!
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
                role="presentation"
              >
                <EventRow
                  line={line}
                  index={item.index}
                  began={began}
                  open={openSeq === line.seq}
                  onToggle={() => setOpenSeq(openSeq === line.seq ? null : line.seq)}
                  onSelect={nodeId === null ? onSelect : null}
                />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

type EventRowProps = {
  line: JournalLine
  index: number
  began: string | undefined
  open: boolean
  onToggle: () => void
  onSelect: ((id: string) => void) | null
}

function EventRow({ line, index, began, open, onToggle, onSelect }: EventRowProps) {
  return (
    <>
      <div
        role="row"
        aria-rowindex={index + 2}
        className={cn(
          columnsOf(onSelect === null),
          "min-h-7 items-center hover:bg-hover",
          open && "bg-hover",
        )}
      >
        <span role="cell" className="tabular text-muted">
          {line.seq}
        </span>
        <span role="cell" className="tabular text-muted">
          <time dateTime={line.at}>{sayOffset(line.at, began)}</time>
        </span>
        <span role="cell" className="min-w-0">
          <button
            type="button"
            aria-expanded={open}
            onClick={onToggle}
            className="focus-ring max-w-full truncate rounded-sm font-mono text-sm hover:underline"
          >
            {line.type}
          </button>
          {line.count > 1 && <span className="tabular ml-1 text-sm text-muted">×{line.count}</span>}
        </span>
        {onSelect && (
          <span role="cell" className="min-w-0 truncate font-mono text-sm">
            {line.node_id !== undefined && (
              <button
                type="button"
                onClick={() => onSelect(line.node_id!)}
                className="focus-ring max-w-full truncate rounded-sm hover:underline"
              >
                {line.node_id}
              </button>
            )}
          </span>
        )}
        <span role="cell" className="truncate text-muted">
          {line.say}
        </span>
      </div>
      {open && (
        <div role="row" className="border-y bg-sunken px-4 py-2">
          <div role="cell">
            <JsonView value={line.data} label={`Event ${line.seq}`} />
          </div>
        </div>
      )}
    </>
  )
}
