import { memo } from "react"
import type { FlowNode } from "#core/flow/graph"
import type { NodeStatus } from "#core/execution/status"
import { titleOf } from "#web/flow/node-card.tsx"
import { nodeStatusLook, toneHue } from "#web/flow/status.tsx"
import { cn } from "#web/ui/cn.ts"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { placeOf, type Attempt, type TimelineRow } from "../model/timeline.ts"
import { tracks } from "./tracks.ts"

type LineProps = {
  row: TimelineRow
  node: FlowNode | undefined
  from: number
  until: number
  selected: boolean
  onSelect: (id: string) => void
  top: number | undefined
}

const bars: Record<NodeStatus, string> = {
  ready: "bg-line-strong",
  running: "bg-running",
  retrying: "bg-waiting",
  succeeded: "bg-succeeded",
  failed: "bg-failed",
  skipped: "bg-line-strong",
  cancelled: "bg-cancelled",
}

/** One step in the waterfall. */
export const TimelineLine = memo(function TimelineLine(props: LineProps) {
  const { row, node, from, until, selected, onSelect, top } = props
  const last = row.attempts.at(-1)
  const { icon: Icon, tone, word, turning } = nodeStatusLook[last?.status ?? "ready"]
  const title = node ? titleOf(node) : row.node_id
  return (
    // Keys are handled by the list.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`step-${row.key}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onClick={() => onSelect(row.node_id)}
      style={
        top === undefined
          ? undefined
          : { position: "absolute", top: 0, insetInline: 0, transform: `translateY(${top}px)` }
      }
      className={cn(
        tracks,
        "h-7 cursor-default hover:bg-hover pointer-coarse:h-11",
        selected && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <span className="flex min-w-0 items-center gap-2" style={{ paddingLeft: row.depth * 12 }}>
        <Icon aria-hidden className={cn("size-3.5", toneHue[tone], turning && "animate-spin")} />
        <span className={cn("truncate", last?.status === "skipped" && "text-muted")}>
          {title}
          <span className="sr-only">, {word.toLowerCase()}</span>
        </span>
        {row.attempts.length > 1 && (
          <span className="tabular shrink-0 text-sm text-muted">×{row.attempts.length}</span>
        )}
      </span>
      <span className="relative h-3">
        {row.attempts.map((attempt) => (
          <Bar key={attempt.number} attempt={attempt} from={from} until={until} />
        ))}
      </span>
      <span className="tabular text-right text-sm text-muted">
        {last?.status === "skipped" ? "skipped" : sayTook(row, until)}
      </span>
    </div>
  )
})

function Bar({ attempt, from, until }: { attempt: Attempt; from: number; until: number }) {
  const place = placeOf(attempt, from, until)
  if (!place) return null
  return (
    <span
      className={cn(
        "absolute inset-y-0 min-w-[3px] overflow-hidden rounded-[2px]",
        bars[attempt.status],
        attempt.status === "running" && "animate-pulse",
      )}
      style={{ left: `min(${place.left}%, calc(100% - 3px))`, width: `${place.width}%` }}
    >
      {place.firstToken !== undefined && place.width > 0 && (
        <span
          className="absolute inset-y-0 left-0 bg-surface/45"
          style={{ width: `${(place.firstToken / place.width) * 100}%` }}
        />
      )}
    </span>
  )
}

/** From the first attempt's beginning to the last one's end; null for steps that take no time. */
function tookOf(row: TimelineRow): number | null {
  const began = row.attempts.find((attempt) => attempt.began !== undefined)?.began
  const ended = row.attempts.at(-1)?.ended
  return began === undefined || ended === undefined ? null : ended - began
}

function sayTook(row: TimelineRow, until: number): string {
  const took = tookOf(row)
  if (took !== null) return sayDuration(took)
  const last = row.attempts.at(-1)
  return last?.began !== undefined && last.status === "running" ? sayDuration(until - last.began) : ""
}
