import { ChevronRight } from "lucide-react"
import { memo } from "react"
import type { Span, SpanKind } from "#core/trace/span"
import { toneHue } from "#web/flow/status.tsx"
import { cn } from "#web/ui/cn.ts"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { placeOf, type Extent, type WaterfallRow } from "./model.ts"
import { spanKindLook, spanStatusLook, titleOfSpan } from "./span-look.tsx"
import { tracks } from "./tracks.ts"

type RowProps = {
  id: string
  row: WaterfallRow
  view: Extent
  /** Only what is under way needs to know. */
  now: number
  selectedId: string | null
  isSelected: boolean
  top: number
  height: number
  onSelect: (span: Span) => void
  onToggle: (key: string, open: boolean) => void
}

/** One line of the waterfall: its name at its depth, its bars, how long it took in all. */
export const WaterfallLine = memo(function WaterfallLine(props: RowProps) {
  const { id, row, view, now, isSelected, top, height, onSelect, onToggle } = props
  const last = row.spans.at(-1)!
  const { icon: Icon, word } = spanKindLook[last.kind]
  const status = spanStatusLook[last.status]
  return (
    // Keys are handled by the list.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      data-key={row.key}
      aria-level={row.depth + 1}
      aria-selected={isSelected}
      aria-expanded={row.holds ? row.open : undefined}
      onClick={() => onSelect(last)}
      style={{ position: "absolute", top: 0, insetInline: 0, height, transform: `translateY(${top}px)` }}
      className={cn(
        tracks,
        "cursor-default hover:bg-hover",
        isSelected && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <span
        className="flex min-w-0 items-center gap-1.5"
        style={{ paddingLeft: `min(${row.depth * 0.75}rem, 45%)` }}
      >
        {row.holds ? <Twist row={row} onToggle={onToggle} /> : <span className="w-4 shrink-0" />}
        <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
        <span className="truncate">
          {titleOfSpan(last)}
          <span className="sr-only">
            , {word.toLowerCase()}, {status.word.toLowerCase()}
          </span>
        </span>
        {row.spans.length > 1 && (
          <span className="tabular shrink-0 text-sm text-muted">×{row.spans.length}</span>
        )}
        {last.status !== "ok" && (
          <status.icon
            aria-hidden
            className={cn("size-3.5 shrink-0", toneHue[status.tone], status.turning && "animate-spin")}
          />
        )}
      </span>
      <Bars row={row} view={view} now={now} selectedId={props.selectedId} onSelect={onSelect} />
      <span className="tabular text-right text-sm text-muted">{sayDuration(tookOf(row, now))}</span>
    </div>
  )
})

const Twist = ({ row, onToggle }: { row: WaterfallRow; onToggle: RowProps["onToggle"] }) => (
  // The arrow keys of the list do the same.
  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
  <span
    aria-hidden
    onClick={(event) => {
      event.stopPropagation()
      onToggle(row.key, !row.open)
    }}
    className="flex size-4 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-active hover:text-ink pointer-coarse:size-8"
  >
    <ChevronRight className={cn("size-3.5 transition-transform", row.open && "rotate-90")} />
  </span>
)

type BarsProps = Pick<RowProps, "row" | "view" | "now" | "selectedId" | "onSelect">

function Bars({ row, view, now, selectedId, onSelect }: BarsProps) {
  return (
    <span className="relative h-3 overflow-hidden">
      {row.pauses.map((span) => (
        <Bar key={span.id} span={span} view={view} now={now} isSelected={false} onSelect={undefined} />
      ))}
      {row.spans.map((span) => (
        <Bar
          key={span.id}
          span={span}
          view={view}
          now={now}
          isSelected={span.id === selectedId && row.spans.length > 1}
          onSelect={row.spans.length > 1 ? onSelect : undefined}
        />
      ))}
    </span>
  )
}

const resting: ReadonlySet<SpanKind> = new Set(["timer", "callback", "approval"])

function hueOf({ kind, status }: Span): string {
  if (status === "error") return "bg-failed"
  if (status === "cancelled") return "bg-cancelled"
  if (resting.has(kind)) return "bg-waiting"
  return status === "unset" ? "bg-running" : "bg-succeeded"
}

type BarProps = {
  span: Span
  view: Extent
  now: number
  isSelected: boolean
  /** Given where a line has several bars to choose from. */
  onSelect: ((span: Span) => void) | undefined
}

function Bar({ span, view, now, isSelected, onSelect }: BarProps) {
  const place = placeOf(span, view, now)
  if (!place) return null
  const wait = span.first_token_ms
  const lasted = span.duration_ms
  const isThin = span.kind === "scope" || span.kind === "execution" || resting.has(span.kind)
  return (
    // Keys are handled by the list, whose lines stand for their last bar.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <span
      data-span={span.id}
      onClick={
        onSelect &&
        ((event) => {
          event.stopPropagation()
          onSelect(span)
        })
      }
      className={cn(
        "absolute min-w-[3px] overflow-hidden rounded-[2px]",
        isThin ? "inset-y-[3px] opacity-70" : "inset-y-0",
        hueOf(span),
        span.status === "unset" && "animate-pulse",
        isSelected && "ring-2 ring-accent ring-inset",
      )}
      style={{ left: `min(${place.left}%, calc(100% - 3px))`, width: `${place.width}%` }}
    >
      {span.kind === "model" && wait !== null && lasted !== null && lasted > 0 && (
        <span
          className="absolute inset-y-0 left-0 bg-surface/45"
          style={{ width: `${Math.min(100, (wait / lasted) * 100)}%` }}
        />
      )}
    </span>
  )
}

/** From the first beginning to the last end. */
function tookOf({ spans }: WaterfallRow, now: number): number {
  const last = spans.at(-1)!
  if (spans.length === 1 && last.duration_ms !== null) return last.duration_ms
  const ended = last.end_time === null ? now : Date.parse(last.end_time)
  return Math.max(0, ended - Date.parse(spans[0]!.start_time))
}
