import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Building2, SearchX } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { AdminTenant } from "#core/contract/admin"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { tenantsQuery } from "./queries.ts"
import { tenantColumns, TenantNarrow } from "./tenant-columns.tsx"

const states = [
  { value: "all", label: "All" },
  { value: "active", label: "Active" },
  { value: "suspended", label: "Suspended" },
  { value: "deleted", label: "Deleted" },
  { value: "erasing", label: "Erasing" },
] as const

/** Every tenant of the installation, with what it uses. */
export function TenantsPage() {
  const search = useSearch({ from: "/shell/inside/admin/tenants" })
  const navigate = useNavigate({ from: "/admin/tenants" })
  const sort = search.sort ?? "-created_at"
  const q = useSettled(search.q)
  const list = useInfiniteQuery({
    ...tenantsQuery({
      sort,
      ...(q ? { search: q } : {}),
      ...(search.status ? { status: search.status } : {}),
    }),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.tenants), [list.data])
  const set = useCallback(
    (change: Partial<typeof search>) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const onOpen = useCallback(
    ({ id }: AdminTenant) => void navigate({ to: "/admin/tenants/$tenantId", params: { tenantId: id } }),
    [navigate],
  )
  return (
    <>
      <PageHeader crumbs={[{ label: "Admin", to: "/admin" }, { label: "Tenants" }]} />
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <SearchInput
          label="Search tenants"
          value={search.q ?? ""}
          onChange={(text) => set({ q: text || undefined })}
          className="max-md:w-auto max-md:grow max-md:basis-40"
        />
        <Segments
          label="Status"
          segments={states}
          value={search.status ?? "all"}
          onChange={(status) => set({ status: status === "all" ? undefined : status })}
        />
      </div>
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <Table
          label="Tenants"
          rows={rows}
          total={list.data?.pages[0]?.total}
          rowKey={keyOf}
          rowLabel={nameOf}
          columns={tenantColumns}
          narrow={narrow}
          sort={sort}
          onSort={(next) => set({ sort: next })}
          onOpen={onOpen}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          empty={
            <EmptyState icon={search.q ? SearchX : Building2} title="No tenant matches">
              Search looks at names and addresses, and takes a whole id.
            </EmptyState>
          }
        />
      )}
    </>
  )
}

const keyOf = (tenant: AdminTenant) => tenant.id
const nameOf = (tenant: AdminTenant) => tenant.name
const narrow = (tenant: AdminTenant) => <TenantNarrow tenant={tenant} />
