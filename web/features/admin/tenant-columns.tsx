import type { AdminTenant } from "#core/contract/admin"
import { formatMicros } from "#core/money"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { saySize } from "#web/ui/say-bytes.ts"
import { sayCount } from "#web/ui/say-count.ts"
import type { Column } from "#web/ui/table/model.ts"
import { TenantState } from "./tenant-state.tsx"

/** A figure of a tenant's own database, or a dash where that does not answer. */
const figure = (say: (usage: NonNullable<AdminTenant["usage"]>) => string) => (tenant: AdminTenant) => (
  <span className="tabular text-soft">{tenant.usage ? say(tenant.usage) : "–"}</span>
)
const count = (n: number) => n.toLocaleString("en")

export const tenantColumns: readonly Column<AdminTenant>[] = [
  {
    id: "status",
    header: "Status",
    width: "7rem",
    cell: ({ status }) => <TenantState status={status} />,
  },
  {
    id: "name",
    header: "Name",
    width: "minmax(10rem, 1.4fr)",
    sort: "name",
    cell: ({ name, slug }) => (
      <span className="grid grid-cols-[minmax(0,max-content)_minmax(8ch,1fr)] items-baseline gap-2">
        <span className="truncate font-medium" title={`${name} (${slug})`}>
          {name}
        </span>
        <span className="truncate font-mono text-sm text-muted">{slug}</span>
      </span>
    ),
  },
  {
    id: "members",
    header: "Members",
    width: "5rem",
    align: "end",
    cell: ({ members }) => <span className="tabular text-soft">{count(members)}</span>,
  },
  { id: "flows", header: "Flows", width: "4.5rem", align: "end", cell: figure(({ flows }) => count(flows)) },
  {
    id: "today",
    header: "Executions today",
    width: "8.5rem",
    align: "end",
    cell: figure(({ executions_today }) => count(executions_today)),
  },
  {
    id: "cost",
    header: "Cost, 30 days",
    width: "7.5rem",
    align: "end",
    room: "wide",
    cell: figure(({ cost_micros_30_days }) => formatMicros(cost_micros_30_days)),
  },
  {
    id: "bytes",
    header: "Database",
    width: "6rem",
    align: "end",
    room: "wide",
    cell: figure(({ bytes }) => saySize(bytes)),
  },
  {
    id: "created",
    header: "Created",
    width: "6rem",
    sort: "created_at",
    first: "desc",
    align: "end",
    room: "wide",
    cell: ({ created_at }) => <RelativeTime at={created_at} className="text-muted" />,
  },
]

/** Two lines for a phone. */
export const TenantNarrow = ({ tenant }: { tenant: AdminTenant }) => (
  <>
    <span className="block truncate text-md font-medium">{tenant.name}</span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <TenantState status={tenant.status} />
      <span className="truncate">
        {sayCount(tenant.members, "member")}
        {tenant.usage && `, ${sayCount(tenant.usage.flows, "flow")}`}
      </span>
    </span>
  </>
)
