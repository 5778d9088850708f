import { useQuery } from "@tanstack/react-query"
import { CircleCheck, CircleDashed, Database, Eraser, TriangleAlert } from "lucide-react"
import type { Slot } from "#core/contract/admin"
import { StatusBadge } from "#web/ui/badge.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { slotsQuery } from "./queries.ts"

/** The databases that tenants live in: each tenant has one of its own. */
export function SlotsPage() {
  const found = useQuery(slotsQuery)
  const { data } = found
  return (
    <>
      <PageHeader crumbs={[{ label: "Admin", to: "/admin" }, { label: "Databases" }]} />
      {found.error && !data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} className="my-auto" />
      ) : (
        <>
          <p className="flex min-h-11 items-center border-b border-line px-4 py-2 text-muted">
            {data
              ? `${data.free} of ${data.total} are free: so many workspaces can still be created. More are bound in wrangler.toml.`
              : "Each tenant has a database of its own."}
          </p>
          <Table
            label="Databases"
            rows={data?.slots}
            rowKey={keyOf}
            rowLabel={keyOf}
            columns={columns}
            narrow={narrow}
            empty={
              <EmptyState icon={Database} title="No database is bound">
                Bind databases named TENANT_DB_001 and so on in wrangler.toml: without one nobody can create a
                workspace.
              </EmptyState>
            }
          />
        </>
      )}
    </>
  )
}

function SlotState({ slot }: { slot: Slot }) {
  if (slot.erased_at)
    return (
      <StatusBadge tone="cancelled" icon={Eraser}>
        Erased
      </StatusBadge>
    )
  if (!slot.is_bound)
    return (
      <StatusBadge tone={slot.tenant ? "failed" : "cancelled"} icon={TriangleAlert}>
        Not bound
      </StatusBadge>
    )
  return slot.tenant ? (
    <StatusBadge tone="succeeded" icon={CircleCheck}>
      Taken
    </StatusBadge>
  ) : (
    <StatusBadge tone="neutral" icon={CircleDashed}>
      Free
    </StatusBadge>
  )
}

const tenantOf = ({ tenant, erased_at, is_bound }: Slot): string => {
  if (erased_at) return is_bound ? "None: the database can be deleted" : "None: no longer bound"
  return tenant?.name ?? "–"
}

function schemaOf({ is_current, migrated_to, erased_at }: Slot): string {
  if (erased_at) return "Empty"
  if (is_current === null) return "Not opened yet"
  return is_current ? "Current" : `At ${migrated_to ?? ""}`
}

const columns: readonly Column<Slot>[] = [
  { id: "state", header: "State", width: "7rem", cell: (slot) => <SlotState slot={slot} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(9rem, 0.8fr)",
    cell: ({ name }) => <span className="truncate font-mono text-sm">{name}</span>,
  },
  {
    id: "tenant",
    header: "Tenant",
    width: "minmax(9rem, 1fr)",
    cell: (slot) => (
      <span className={slot.erased_at ? "truncate text-muted" : "truncate"} title={tenantOf(slot)}>
        {tenantOf(slot)}
      </span>
    ),
  },
  {
    id: "schema",
    header: "Schema",
    width: "minmax(8rem, 0.8fr)",
    cell: (slot) => <span className="truncate text-muted">{schemaOf(slot)}</span>,
  },
  {
    id: "claimed",
    header: "Since",
    width: "6rem",
    align: "end",
    room: "wide",
    cell: ({ claimed_at, erased_at }) =>
      claimed_at ? (
        <RelativeTime at={erased_at ?? claimed_at} className="text-muted" />
      ) : (
        <span className="text-muted">–</span>
      ),
  },
]

const keyOf = (slot: Slot) => slot.name
const narrow = (slot: Slot) => (
  <>
    <span className="block truncate text-md font-medium">{slot.tenant ? tenantOf(slot) : "Free"}</span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <SlotState slot={slot} />
      <span className="truncate font-mono">{slot.name}</span>
    </span>
  </>
)
