import { useQuery } from "@tanstack/react-query"
import { CircleCheck, CircleDashed, HeartPulse, ShieldOff } from "lucide-react"
import { useMemo } from "react"
import type { TargetHealth } from "#core/contract/model-aliases"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { healthQuery } from "./aliases/queries.ts"
import { providersQuery } from "./queries.ts"

type Row = TargetHealth & { provider: string }

/** How each model that was asked in the last day does, and which are left out for now. */
export function Health() {
  const health = useQuery(healthQuery)
  const providers = useQuery(providersQuery).data?.llm_providers
  const targets = health.data?.targets
  const rows = useMemo(
    () =>
      targets?.map((target): Row => ({
        ...target,
        provider:
          providers?.find((one) => one.id === target.llm_provider_id)?.name ?? "A provider that is gone",
      })),
    [targets, providers],
  )
  if (health.error && !rows)
    return <ErrorState error={health.error} onRetry={() => void health.refetch()} className="my-auto" />
  return (
    <Table
      label="Model health"
      rows={rows}
      rowKey={keyOf}
      rowLabel={labelOf}
      columns={columns}
      narrow={narrow}
      empty={
        <EmptyState icon={HeartPulse} title="No model was asked in the last day">
          Once models answer, their times, failures and breakers stand here.
        </EmptyState>
      }
    />
  )
}

const keyOf = (row: Row) => `${row.llm_provider_id} ${row.model}`
const labelOf = (row: Row) => `${row.model} at ${row.provider}`

const breakers: Record<TargetHealth["breaker"], { tone: Tone; icon: typeof CircleCheck; word: string }> = {
  closed: { tone: "succeeded", icon: CircleCheck, word: "In use" },
  trying: { tone: "waiting", icon: CircleDashed, word: "Trying" },
  open: { tone: "failed", icon: ShieldOff, word: "Left out" },
}

function Breaker({ row }: { row: Row }) {
  const { tone, icon, word } = breakers[row.breaker]
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
      {row.breaker === "open" && row.until && (
        <>
          {" "}
          <RelativeTime at={row.until} />
        </>
      )}
    </StatusBadge>
  )
}

const time = (ms: number | null) => (ms === null ? "–" : sayDuration(ms))

const narrow = (row: Row) => (
  <>
    <span className="flex items-center gap-2">
      <span className="min-w-0 truncate font-mono text-base font-medium">{row.model}</span>
      <span className="tabular ml-auto shrink-0 text-sm text-muted">
        {time(row.p50_ms)} / {time(row.p95_ms)}
      </span>
    </span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <Breaker row={row} />
      <span className="min-w-0 truncate">{row.last_error?.message ?? row.provider}</span>
    </span>
  </>
)

const number = (text: string) => <span className="tabular">{text}</span>

const columns: readonly Column<Row>[] = [
  { id: "breaker", header: "Breaker", width: "8.5rem", cell: (row) => <Breaker row={row} /> },
  {
    id: "model",
    header: "Model",
    width: "minmax(0, 1fr)",
    cell: (row) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-mono text-sm font-medium" title={row.model}>
          {row.model}
        </span>
        <span className="min-w-0 truncate text-muted">{row.provider}</span>
      </span>
    ),
  },
  {
    id: "calls",
    header: "Calls",
    width: "5rem",
    align: "end",
    cell: (row) => number(row.calls.toLocaleString("en")),
  },
  {
    id: "failures",
    header: "Failed",
    width: "7rem",
    align: "end",
    cell: (row) =>
      number(
        row.failures === 0
          ? "0"
          : `${row.failures.toLocaleString("en")} (${((row.failures / Math.max(1, row.calls)) * 100).toFixed(1)} %)`,
      ),
  },
  { id: "p50", header: "p50", width: "4.5rem", align: "end", cell: (row) => number(time(row.p50_ms)) },
  { id: "p95", header: "p95", width: "4.5rem", align: "end", cell: (row) => number(time(row.p95_ms)) },
  {
    id: "error",
    header: "Last error",
    width: "minmax(0, 1fr)",
    cell: ({ last_error }) =>
      last_error && (
        <Tooltip text={`${last_error.code}: ${last_error.message}`}>
          <span className="flex min-w-0 items-baseline gap-2">
            <span className="min-w-0 truncate text-failed">{last_error.message}</span>
            <RelativeTime at={last_error.at} className="shrink-0 text-sm text-muted" />
          </span>
        </Tooltip>
      ),
  },
]
