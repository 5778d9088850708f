import type { Invocation } from "#core/contract/tools"
import { SpanStatusMark, spanStatusLook } from "#web/flow/waterfall/span-look.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import type * as z from "zod"

export type Call = z.infer<typeof Invocation>

/** What made the call: the flow, crew or agent and the step in it, or a person by hand. */
export function placeOf({ flow_id, flow_name, node_label, node_id }: Call): string {
  if (flow_id.startsWith("tool_")) return "By hand"
  return [flow_name ?? "An execution", node_label ?? node_id].filter(Boolean).join(" · ")
}

export const callColumns = (sayActor: (actor: string) => string): readonly Column<Call>[] => [
  { id: "status", header: "Status", width: "7rem", cell: (row) => <SpanStatusMark status={row.status} /> },
  {
    id: "place",
    header: "Called from",
    width: "minmax(0, 1fr)",
    cell: (row) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{placeOf(row)}</span>
        {row.attempt > 1 && <span className="tabular shrink-0 text-sm text-muted">×{row.attempt}</span>}
      </span>
    ),
  },
  {
    id: "actor",
    header: "By",
    width: "minmax(0, 9rem)",
    cell: (row) => <span className="truncate">{row.actor === null ? "–" : sayActor(row.actor)}</span>,
  },
  {
    id: "duration",
    header: "Took",
    width: "5rem",
    align: "end",
    cell: (row) => <span className="tabular">{sayDuration(row.duration_ms)}</span>,
  },
  {
    id: "began",
    header: "Began",
    width: "6.5rem",
    align: "end",
    cell: (row) => <RelativeTime at={row.started_at} className="truncate text-muted" />,
  },
]

/** Two lines where there is little room. */
export const CallNarrow = ({ row, by }: { row: Call; by: string }) => (
  <div className="flex flex-col gap-0.5">
    <div className="flex items-baseline gap-2">
      <span className="min-w-0 flex-1 truncate font-medium">{placeOf(row)}</span>
      <RelativeTime at={row.started_at} className="shrink-0 text-sm text-muted" />
    </div>
    <div className="flex min-w-0 items-center gap-2 text-sm">
      <SpanStatusMark status={row.status} />
      <span className="tabular shrink-0">{sayDuration(row.duration_ms)}</span>
      <span className="truncate text-muted">{by}</span>
    </div>
  </div>
)

export const labelOf = (row: Call): string =>
  `${placeOf(row)}, ${spanStatusLook[row.status].word}`.toLowerCase()
