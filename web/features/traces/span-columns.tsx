import type { FoundSpan } from "#core/contract/traces"
import { formatMicros } from "#core/money"
import { spanKindLook, SpanStatusMark, spanStatusLook, titleOfNode } from "#web/flow/waterfall/span-look.tsx"
import { cn } from "#web/ui/cn.ts"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"

const tokensOf = (row: FoundSpan): number => row.input_tokens + row.output_tokens
const flowOf = (row: FoundSpan): string =>
  row.flow_name ?? (row.kind === "execution" ? row.name.replace(/^invoke_workflow /, "") : "–")

function Kind({ row }: { row: FoundSpan }) {
  const { icon: Icon, word } = spanKindLook[row.kind]
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
      <span className="shrink-0">{word}</span>
      {row.model !== null && <span className="truncate text-sm text-muted">{row.model}</span>}
    </span>
  )
}

/** How long it took, beside the longest that is listed. */
function Duration({ row, longest }: { row: FoundSpan; longest: number }) {
  const took = row.duration_ms ?? 0
  return (
    <span className="flex w-full items-center gap-2">
      <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-sunken">
        <span
          className={cn(
            "block h-full min-w-px rounded-full",
            row.status === "error"
              ? "bg-failed"
              : row.status === "cancelled"
                ? "bg-cancelled"
                : "bg-succeeded",
          )}
          style={{ width: `${longest === 0 ? 0 : (took / longest) * 100}%` }}
        />
      </span>
      <span className="tabular w-14 shrink-0 text-right">{sayDuration(took)}</span>
    </span>
  )
}

/** What a row says beside its node: the error, or what it is found by. */
const excerptOf = (row: FoundSpan): string => row.text?.split("\n")[0] ?? ""

export const spanColumns = (longest: number): readonly Column<FoundSpan>[] => [
  { id: "status", header: "Status", width: "6.75rem", cell: (row) => <SpanStatusMark status={row.status} /> },
  { id: "kind", header: "Kind", width: "9rem", cell: (row) => <Kind row={row} /> },
  {
    id: "flow",
    header: "Flow",
    width: "minmax(0, 2fr)",
    cell: (row) => <span className="truncate">{flowOf(row)}</span>,
  },
  {
    id: "node",
    header: "Node",
    width: "minmax(0, 3fr)",
    cell: (row) => (
      <span className="flex w-full min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{titleOfNode(row) || "–"}</span>
        {row.attempt > 1 && <span className="tabular shrink-0 text-sm text-muted">×{row.attempt}</span>}
        <span className="min-w-0 flex-1 truncate text-sm text-muted">
          {[row.scope, excerptOf(row)].filter(Boolean).join(" · ")}
        </span>
      </span>
    ),
  },
  {
    id: "tokens",
    header: "Tokens",
    width: "3.5rem",
    align: "end",
    room: "wide",
    cell: (row) => (
      <span className="tabular">{tokensOf(row) === 0 ? "–" : tokensOf(row).toLocaleString("en")}</span>
    ),
  },
  {
    id: "cost",
    header: "Cost",
    width: "4rem",
    align: "end",
    room: "wide",
    sort: "cost_micros",
    first: "desc",
    cell: (row) => (
      <span className="tabular">{row.cost_micros === 0 ? "–" : formatMicros(row.cost_micros)}</span>
    ),
  },
  {
    id: "duration",
    header: "Duration",
    width: "8rem",
    align: "end",
    sort: "duration_ms",
    first: "desc",
    cell: (row) => <Duration row={row} longest={longest} />,
  },
  {
    id: "began",
    header: "Began",
    width: "5.25rem",
    align: "end",
    sort: "start_time",
    first: "desc",
    cell: (row) => <RelativeTime at={row.start_time} className="text-muted" />,
  },
]

/** The row on a phone. */
export const SpanNarrow = ({ row }: { row: FoundSpan }) => (
  <div className="flex flex-col gap-0.5">
    <div className="flex items-baseline gap-2">
      <span className="min-w-0 flex-1 truncate font-medium">{titleOfNode(row) || flowOf(row)}</span>
      <RelativeTime at={row.start_time} className="shrink-0 text-sm text-muted" />
    </div>
    <div className="flex min-w-0 items-center gap-2 text-sm">
      <SpanStatusMark status={row.status} />
      <span className="shrink-0 text-muted">{spanKindLook[row.kind].word}</span>
      <span className="tabular shrink-0">{sayDuration(row.duration_ms ?? 0)}</span>
      <span className="truncate text-muted">{flowOf(row)}</span>
    </div>
  </div>
)

export const labelOf = (row: FoundSpan): string =>
  [titleOfNode(row) || flowOf(row), spanKindLook[row.kind].word, spanStatusLook[row.status].word]
    .join(", ")
    .toLowerCase()
