import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { Activity, SearchX } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { ExecutionSummary } from "#core/contract/executions"
import { useActors } from "#web/api/choices.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { executionColumns, ExecutionNarrow, labelOf } from "./list/execution-columns.tsx"
import { queryOf, type ListSearch } from "./list/list-search.ts"
import { nothing, Toolbar } from "./list/toolbar.tsx"
import { useRowActs } from "./list/use-row-acts.tsx"
import { executionListQuery } from "./queries.ts"

/** Every execution of the tenant, newest first; what is under way goes on as one looks. */
export function ExecutionsPage() {
  const search = useSearch({ from: "/shell/inside/executions" })
  const navigate = useNavigate({ from: "/executions" })
  const actors = useActors()
  const set = useCallback(
    (change: Partial<ListSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const list = useInfiniteQuery({ ...executionListQuery(queryOf(search)), placeholderData: keepPreviousData })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.executions), [list.data])
  const total = list.data?.pages[0]?.total
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const columns = useMemo(() => executionColumns(actors.say), [actors.say])
  const isNarrowed = Object.keys(queryOf(search)).length > 1
  const { open, rowMenu, bulk, dialog } = useRowActs()
  if (list.error && !rows) {
    return (
      <>
        <PageHeader crumbs={[{ label: "Executions" }]} />
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      </>
    )
  }
  return (
    <>
      <PageHeader crumbs={[{ label: "Executions" }]} />
      <Toolbar search={search} set={set} total={total} />
      <Table
        label="Executions"
        rows={rows}
        rowKey={keyOf}
        rowLabel={labelOf}
        columns={columns}
        narrow={narrow}
        sort={search.sort ?? "-created_at"}
        onSort={(sort) => set({ sort })}
        onOpen={open}
        rowMenu={rowMenu}
        total={total}
        onEnd={hasNextPage ? onEnd : undefined}
        bulk={bulk}
        empty={isNarrowed ? <NothingFound onClear={() => set(nothing)} /> : <NothingYet />}
      />
      {dialog}
    </>
  )
}

const keyOf = (row: ExecutionSummary) => row.id
const narrow = (row: ExecutionSummary) => <ExecutionNarrow row={row} />
const NothingFound = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No execution matches"
    action={<Button onClick={onClear}>Clear search and filters</Button>}
  >
    Search looks at flow names and ids.
  </EmptyState>
)

const NothingYet = () => (
  <EmptyState
    icon={Activity}
    title="No executions yet"
    action={
      <Button asChild tone="primary">
        <Link to="/flows">Go to flows</Link>
      </Button>
    }
  >
    Each time a flow is executed, by hand or by the API, it stands here with its steps, its cost and its
    outputs.
  </EmptyState>
)
