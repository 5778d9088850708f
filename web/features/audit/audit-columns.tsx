import { CircleDashed, ShieldCheck } from "lucide-react"
import type { AuditRecord } from "#core/contract/audit"
import { StatusBadge } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { actorOf, sayAction, sayFacts } from "./words.ts"

const Seal = ({ row }: { row: AuditRecord }) =>
  row.seq === null ? (
    <StatusBadge tone="waiting" icon={CircleDashed}>
      Sealing
    </StatusBadge>
  ) : (
    <StatusBadge tone="succeeded" icon={ShieldCheck}>
      <span className="tabular">{row.seq.toLocaleString("en")}</span>
    </StatusBadge>
  )

export const auditColumns: readonly Column<AuditRecord>[] = [
  { id: "seq", header: "Sealed", width: "6.5rem", cell: (row) => <Seal row={row} /> },
  {
    id: "action",
    header: "What",
    width: "minmax(0, 2fr)",
    cell: (row) => <span className="truncate font-medium">{sayAction(row.action)}</span>,
  },
  {
    id: "actor",
    header: "Who",
    width: "minmax(0, 2fr)",
    cell: (row) => <span className="truncate">{actorOf(row)}</span>,
  },
  {
    id: "target",
    header: "Target",
    width: "minmax(0, 2fr)",
    cell: (row) => <code className="truncate font-mono text-sm text-muted">{row.target ?? "–"}</code>,
  },
  {
    id: "facts",
    header: "Changed",
    width: "minmax(0, 3fr)",
    room: "wide",
    cell: (row) => <span className="truncate text-sm text-muted">{sayFacts(row)}</span>,
  },
  {
    id: "at",
    header: "When",
    width: "6rem",
    align: "end",
    cell: (row) => <RelativeTime at={row.at} className="text-muted" />,
  },
]

/** The row on a phone. */
export const AuditNarrow = ({ row }: { row: AuditRecord }) => (
  <div className="flex flex-col gap-0.5">
    <div className="flex items-baseline gap-2">
      <span className="min-w-0 flex-1 truncate font-medium">{sayAction(row.action)}</span>
      <RelativeTime at={row.at} className="shrink-0 text-sm text-muted" />
    </div>
    <div className="flex min-w-0 items-center gap-2 text-sm">
      <Seal row={row} />
      <span className="min-w-0 truncate text-muted">{actorOf(row)}</span>
    </div>
  </div>
)

export const labelOf = (row: AuditRecord): string =>
  `${sayAction(row.action)} by ${actorOf(row)}, ${row.seq === null ? "being sealed" : `entry ${row.seq}`}`
