import type { ExecutionSummary } from "#core/contract/executions"
import { isSettled } from "#core/execution/status"
import { formatMicros } from "#core/money"
import { executionStatusLook, ExecutionStatusMark } from "#web/flow/status.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { useNow } from "#web/ui/use-now.ts"

/** How long it took, or has taken so far. */
function Duration({ row }: { row: ExecutionSummary }) {
  const running = !isSettled(row.status) && row.started_at !== null
  const now = useNow(running ? 1_000 : null)
  if (row.duration_ms !== null) return <span className="tabular">{sayDuration(row.duration_ms)}</span>
  if (!running) return <span className="text-muted">–</span>
  return (
    <span className="tabular text-running">
      {sayDuration(Math.max(0, now - Date.parse(row.started_at!)))}
    </span>
  )
}

const tokensOf = (row: ExecutionSummary): number => row.input_tokens + row.output_tokens
const versionOf = (row: ExecutionSummary): string =>
  row.flow_version === null ? "Draft" : `v${row.flow_version}`

export const executionColumns = (
  sayActor: (actor: string) => string,
): readonly Column<ExecutionSummary>[] => [
  {
    id: "status",
    header: "Status",
    width: "8.5rem",
    cell: (row) => <ExecutionStatusMark status={row.status} />,
  },
  {
    id: "flow",
    header: "Flow",
    width: "minmax(0, 1fr)",
    cell: (row) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{row.flow_name}</span>
        <span className="shrink-0 text-sm text-muted">{versionOf(row)}</span>
        {row.error && <span className="truncate text-sm text-muted">{row.error.message}</span>}
      </span>
    ),
  },
  {
    id: "actor",
    header: "Started by",
    width: "9rem",
    room: "wide",
    cell: (row) => <span className="truncate">{sayActor(row.actor)}</span>,
  },
  {
    id: "tokens",
    header: "Tokens",
    width: "5rem",
    align: "end",
    room: "wide",
    cell: (row) => (
      <span className="tabular">{tokensOf(row) === 0 ? "–" : tokensOf(row).toLocaleString("en")}</span>
    ),
  },
  {
    id: "cost",
    header: "Cost",
    width: "5.5rem",
    align: "end",
    sort: "cost_micros",
    first: "desc",
    cell: (row) => (
      <span className="tabular">{row.cost_micros === 0 ? "–" : formatMicros(row.cost_micros)}</span>
    ),
  },
  {
    id: "duration",
    header: "Duration",
    width: "6rem",
    align: "end",
    sort: "duration_ms",
    first: "desc",
    cell: (row) => <Duration row={row} />,
  },
  {
    id: "started",
    header: "Started",
    width: "7rem",
    align: "end",
    sort: "created_at",
    first: "desc",
    cell: (row) => <RelativeTime at={row.created_at} className="text-muted" />,
  },
]

/** The row on a phone. */
export const ExecutionNarrow = ({ row }: { row: ExecutionSummary }) => (
  <div className="flex flex-col gap-0.5">
    <div className="flex items-baseline gap-2">
      <span className="min-w-0 flex-1 truncate font-medium">{row.flow_name}</span>
      <RelativeTime at={row.created_at} className="shrink-0 text-sm text-muted" />
    </div>
    <div className="flex items-center gap-2 text-sm">
      <ExecutionStatusMark status={row.status} />
      <span className="text-muted">{versionOf(row)}</span>
      <Duration row={row} />
      {row.cost_micros > 0 && <span className="tabular text-muted">{formatMicros(row.cost_micros)}</span>}
    </div>
  </div>
)

export const labelOf = (row: ExecutionSummary): string =>
  `${row.flow_name}, ${executionStatusLook[row.status].word.toLowerCase()}`
