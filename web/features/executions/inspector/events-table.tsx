import { useVirtualizer } from "@tanstack/react-virtual"
import { useMemo, useRef, useState } from "react"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { FilterChips } from "#web/ui/filter-chips.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { families, type JournalLine, type Part } from "../model/journal.ts"
import { useWatch } from "../watch.ts"
import { sayOffset } from "./say-offset.ts"
import { useJournal } from "./use-journal.ts"

const lineHeight = 28
/** The step has a column of its own only where the events of several are listed. */
const columnsOf = (one: boolean): string =>
  cn(
    "grid gap-3 px-4",
    one
      ? "grid-cols-[2.5rem_5.5rem_10rem_minmax(0,1fr)]"
      : "grid-cols-[2.5rem_5rem_9.5rem_minmax(0,1fr)_minmax(0,1fr)]",
  )

/** The journal, entry by entry: what the execution is made of. Null lists all of it. */
export function EventsTable({ part }: { part: Part | null }) {
  const { live, flow, selection } = useWatch()
  const [every, setEvery] = useState(false)
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set())
  const [openSeq, setOpenSeq] = useState<number | null>(null)
  const filter = useMemo(() => ({ part, every, families: wanted }), [part, every, wanted])
  const { lines } = useJournal(live, filter)
  const isOne = part?.step != null
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]!.seq,
    overscan: 16,
  })
  const began = live.state.started_at ?? live.state.created_at
  const stepOf = ({ node_id: id, scope = "" }: JournalLine): StepLink =>
    id === undefined
      ? "none"
      : {
          title: flow.title(id, scope),
          place: flow.place(scope),
          onOpen: () => selection.select(id, scope),
        }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-2 px-3 py-1">
        <FilterChips
          filters={[{ id: "family", label: "Kind", many: true, options: families }]}
          values={{ family: [...wanted] }}
          onChange={(_id, values) => setWanted(new Set(values))}
        />
        <CheckboxLine
          label="Every piece of text"
          checked={every}
          onCheckedChange={(on) => setEvery(on)}
          className="ml-auto items-center text-sm text-muted"
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
        <Head isOne={isOne} />
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
                  step={isOne ? null : stepOf(line)}
                />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

const Head = ({ isOne }: { isOne: boolean }) => (
  <div role="rowgroup" className="sticky top-0 z-10 min-w-[34rem] bg-surface">
    <div role="row" className={cn(columnsOf(isOne), "h-7 items-center border-b text-xs text-muted")}>
      {["No.", "Time", "Event", ...(isOne ? [] : ["Step"]), "What"].map((name) => (
        <span key={name} role="columnheader">
          {name}
        </span>
      ))}
    </div>
  </div>
)

type EventRowProps = {
  line: JournalLine
  index: number
  began: string | undefined
  open: boolean
  onToggle: () => void
  /** Null where all lines are of one step. */
  step: StepLink | null
}

/** What a line says of its step, and the way there. */
type StepLink = { title: string; place: string; onOpen: () => void } | "none"

function EventRow({ line, index, began, open, onToggle, step }: EventRowProps) {
  return (
    <>
      <div
        role="row"
        aria-rowindex={index + 2}
        className={cn(columnsOf(step === null), "min-h-7 items-center hover:bg-hover", open && "bg-hover")}
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
        {step !== null && (
          <span role="cell" className="min-w-0 truncate">
            {step !== "none" && (
              <button
                type="button"
                onClick={step.onOpen}
                className="focus-ring max-w-full truncate rounded-sm hover:underline"
              >
                {step.title}
                {step.place && <span className="tabular ml-1.5 text-sm text-muted">{step.place}</span>}
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
