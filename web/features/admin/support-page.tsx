import { useInfiniteQuery } from "@tanstack/react-query"
import { UserRoundCog } from "lucide-react"
import { useMemo } from "react"
import type { Impersonation } from "#core/contract/admin"
import { Badge } from "#web/ui/badge.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { impersonationsQuery } from "./queries.ts"

/** Who acted in whose name, and why. */
export function SupportPage() {
  const list = useInfiniteQuery(impersonationsQuery)
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.impersonations), [list.data])
  return (
    <>
      <PageHeader crumbs={[{ label: "Admin", to: "/admin" }, { label: "Support" }]} />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <Table
          label="Support"
          rows={rows}
          total={list.data?.pages[0]?.total}
          rowKey={keyOf}
          rowLabel={labelOf}
          columns={columns}
          narrow={narrow}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          empty={
            <EmptyState icon={UserRoundCog} title="Nobody has acted in another’s name">
              Open a tenant, and choose “Act in their name” of one of its members. It lasts 30 minutes, wants
              a reason, and stands in the tenant’s audit log.
            </EmptyState>
          }
        />
      )}
    </>
  )
}

const isOver = ({ ended_at, expires_at }: Impersonation): boolean =>
  ended_at !== null || Date.parse(expires_at) <= Date.now()

const named = (name: string) => (
  <span className="truncate" title={name}>
    {name}
  </span>
)

const columns: readonly Column<Impersonation>[] = [
  {
    id: "when",
    header: "When",
    width: "8rem",
    cell: (one) => (
      <span className="flex min-w-0 items-center gap-2">
        <RelativeTime at={one.created_at} className="truncate text-muted" />
        {!isOver(one) && <Badge tone="attention">Now</Badge>}
      </span>
    ),
  },
  { id: "admin", header: "Who", width: "minmax(8rem, 0.8fr)", cell: ({ admin }) => named(admin.name) },
  {
    id: "user",
    header: "In whose name",
    width: "minmax(8rem, 0.8fr)",
    cell: ({ user }) => named(user.name),
  },
  { id: "tenant", header: "Tenant", width: "minmax(8rem, 0.8fr)", cell: ({ tenant }) => named(tenant.name) },
  {
    id: "reason",
    header: "Reason",
    width: "minmax(10rem, 1.6fr)",
    cell: ({ reason }) => (
      <span className="truncate text-soft" title={reason}>
        {reason}
      </span>
    ),
  },
  {
    id: "rights",
    header: "Rights",
    width: "7rem",
    room: "wide",
    cell: ({ may_write }) => <span className="text-muted">{may_write ? "Changes" : "Reads only"}</span>,
  },
]

const keyOf = (one: Impersonation) => one.id
const labelOf = (one: Impersonation) => `${one.admin.name} in the name of ${one.user.name}`
const narrow = (one: Impersonation) => (
  <>
    <span className="block truncate text-md font-medium">
      {one.admin.name} for {one.user.name}
    </span>
    <span className="block truncate text-sm text-muted">
      {one.tenant.name} · {one.reason}
    </span>
  </>
)
