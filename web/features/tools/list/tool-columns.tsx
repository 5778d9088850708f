import { Link } from "@tanstack/react-router"
import { RiskBadge } from "#web/agent/tools/risk-badge.tsx"
import { Badge } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { kindOf, reachOf } from "../kinds.ts"
import type { ToolRow } from "./rows.ts"

const AsksFirst = ({ row }: { row: ToolRow }) =>
  row.own?.needs_approval ? <Badge tone="waiting">Asks first</Badge> : null

const Name = ({ row: { own, name } }: { row: ToolRow }) =>
  own ? (
    <Link
      to="/tools/$toolId"
      params={{ toolId: own.id }}
      tabIndex={-1}
      title={name}
      className="focus-ring truncate rounded-sm font-mono text-sm font-medium hover:underline"
    >
      {name}
    </Link>
  ) : (
    <span className="truncate font-mono text-sm font-medium" title={name}>
      {name}
    </span>
  )

function Kind({ row: { own } }: { row: ToolRow }) {
  const { icon: Icon, label } = kindOf(own)
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-muted">
      <Icon aria-hidden className="size-3.5" />
      <span className="truncate">{label}</span>
    </span>
  )
}

export const toolColumns: readonly Column<ToolRow>[] = [
  { id: "risk", header: "Risk", width: "6.5rem", cell: (row) => <RiskBadge risk={row.risk} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(9rem, 0.6fr)",
    sort: "name",
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2">
        <Name row={row} />
        <AsksFirst row={row} />
      </span>
    ),
  },
  { id: "kind", header: "Kind", width: "8.5rem", cell: (row) => <Kind row={row} /> },
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
    id: "reach",
    header: "Calls",
    width: "minmax(0, 0.6fr)",
    room: "wide",
    cell: ({ own }) =>
      own && (
        <span className="truncate font-mono text-sm text-muted" title={reachOf(own)}>
          {reachOf(own)}
        </span>
      ),
  },
  {
    id: "version",
    header: "Version",
    width: "4.5rem",
    align: "end",
    room: "wide",
    cell: ({ own }) => own && <span className="tabular text-muted">{own.version}</span>,
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
      <AsksFirst row={row} />
    </span>
    <span className="flex items-center gap-2 text-sm text-muted">
      <RiskBadge risk={row.risk} />
      <span className="shrink-0">{kindOf(row.own).label}</span>
      <span className="truncate">{row.description}</span>
    </span>
  </>
)
