import type { ReplyOf } from "#core/contract/endpoint"
import type { Tool, toolsApi } from "#core/contract/tools"
import type { Risk } from "#core/tool/tool"
import { RiskBadge } from "#web/agent/tools/risk-badge.tsx"
import { Badge } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { reachOf } from "./queries.ts"

/** A line of the list: a tool of the tenant, or one that every tenant has. */
export type ToolRow = { id: string; name: string; description: string; risk: Risk; own: Tool | null }

/** Own ones in the order of the server, then the builtin ones that fit the search. */
export function rowsOf(pages: readonly ReplyOf<typeof toolsApi.list>[], search: string): ToolRow[] {
  const wanted = search.trim().toLowerCase()
  const builtin = pages[0]?.builtin ?? []
  return [
    ...pages.flatMap((page) => page.tools.map((own) => ({ ...own, own }))),
    ...builtin
      .filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted))
      .map((one) => ({ ...one, own: null })),
  ]
}

const Marks = ({ row }: { row: ToolRow }) => (
  <>
    {row.own === null && <Badge>Builtin</Badge>}
    {row.own?.needs_approval && <Badge tone="waiting">Asks first</Badge>}
  </>
)

export const toolColumns: readonly Column<ToolRow>[] = [
  { id: "risk", header: "Risk", width: "6.5rem", cell: (row) => <RiskBadge risk={row.risk} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(9rem, 0.6fr)",
    sort: "name",
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-mono text-sm font-medium" title={row.name}>
          {row.name}
        </span>
        <Marks row={row} />
      </span>
    ),
  },
  {
    id: "description",
    header: "What it does",
    width: "minmax(0, 1fr)",
    cell: (row) => (
      <span className="truncate text-muted" title={row.description}>
        {row.description}
      </span>
    ),
  },
  {
    id: "request",
    header: "Request",
    width: "minmax(0, 0.7fr)",
    room: "wide",
    cell: ({ own }) =>
      own && (
        <span className="truncate font-mono text-sm text-muted" title={reachOf(own)}>
          {reachOf(own)}
        </span>
      ),
  },
  {
    id: "updated",
    header: "Updated",
    width: "6.5rem",
    sort: "updated_at",
    first: "desc",
    align: "end",
    room: "wide",
    cell: ({ own }) => own && <RelativeTime at={own.updated_at} className="truncate text-muted" />,
  },
]

/** Two lines for a phone. */
export const ToolNarrow = ({ row }: { row: ToolRow }) => (
  <>
    <span className="flex items-center gap-2">
      <span className="truncate font-mono text-base font-medium">{row.name}</span>
      <Marks row={row} />
    </span>
    <span className="flex items-center gap-2 text-sm text-muted">
      <RiskBadge risk={row.risk} />
      <span className="truncate">{row.description}</span>
    </span>
  </>
)
