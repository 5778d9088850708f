import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { Activity, Ban, ExternalLink, Link2, RotateCw, SearchX, Workflow } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { ExecutionSummary } from "#core/contract/executions"
import { ExecutionStatus, isRetryable, isSettled } from "#core/execution/status"
import { flowChoicesQuery, useActors } from "#web/api/choices.ts"
import { useCan } from "#web/api/me.ts"
import { executionStatusLook } from "#web/flow/status.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { executionColumns, ExecutionNarrow, labelOf } from "./list/execution-columns.tsx"
import { TimeFilter } from "./list/time-filter.tsx"
import { executionListQuery, useExecutionActs, type ExecutionListQuery } from "./queries.ts"

/** What the address holds of the list. */
type Search = Partial<Record<"q" | "sort" | "flow_id" | "from" | "to" | "actor", string | undefined>> & {
  status?: ExecutionStatus[] | undefined
}

const queryOf = (search: Search): ExecutionListQuery => ({
  sort: search.sort ?? "-created_at",
  ...(search.q ? { search: search.q } : {}),
  ...(search.flow_id ? { flow_id: search.flow_id } : {}),
  ...(search.status?.length ? { status: search.status.join(",") } : {}),
  ...(search.from ? { from: search.from } : {}),
  ...(search.to ? { to: search.to } : {}),
  ...(search.actor ? { actor: search.actor } : {}),
})

const statusFilter: Filter = {
  id: "status",
  label: "Status",
  many: true,
  options: ExecutionStatus.options.map((value) => ({
    value,
    label: executionStatusLook[value].word,
    icon: executionStatusLook[value].icon,
  })),
}

/** Every execution of the tenant, newest first; what is under way goes on as one looks. */
export function ExecutionsPage() {
  const search = useSearch({ from: "/shell/inside/executions" })
  const navigate = useNavigate({ from: "/executions" })
  const actors = useActors()
  const set = useCallback(
    (change: Partial<Search>) =>
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
  const { open, rowMenu, bulk } = useRowActs()
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
      <Toolbar search={search} set={set} total={total} actors={actors.choices} />
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
        {...(bulk ? { bulk } : {})}
        empty={isNarrowed ? <NothingFound onClear={() => set(nothing)} /> : <NothingYet />}
      />
    </>
  )
}

type ToolbarProps = {
  search: Search
  set: (change: Partial<Search>) => void
  total: number | undefined
  actors: readonly { value: string; label: string }[]
}

function Toolbar({ search, set, total, actors }: ToolbarProps) {
  const flows = useQuery(flowChoicesQuery).data?.flows ?? []
  const filters: Filter[] = [
    statusFilter,
    { id: "flow_id", label: "Flow", options: flows.map(({ id, name }) => ({ value: id, label: name })) },
    { id: "actor", label: "Started by", options: actors },
  ]
  const filter = (id: string, values: readonly string[]) => {
    if (id !== "status") return set({ [id]: values[0] })
    const statuses = ExecutionStatus.options.filter((status) => values.includes(status))
    set({ status: statuses.length > 0 ? statuses : undefined })
  }
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search executions"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{
          status: search.status ?? [],
          flow_id: search.flow_id ? [search.flow_id] : [],
          actor: search.actor ? [search.actor] : [],
        }}
        onChange={filter}
      />
      <TimeFilter span={{ from: search.from, to: search.to }} onChange={set} />
      {total !== undefined && (
        <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
          {total.toLocaleString("en")} {total === 1 ? "execution" : "executions"}
        </p>
      )}
    </div>
  )
}

const keyOf = (row: ExecutionSummary) => row.id
const narrow = (row: ExecutionSummary) => <ExecutionNarrow row={row} />
const nothing = {
  q: undefined,
  flow_id: undefined,
  status: undefined,
  from: undefined,
  to: undefined,
  actor: undefined,
}

/** What can be done with one row, and with several. */
function useRowActs() {
  const navigate = useNavigate()
  const mayCancel = useCan("execution.cancel")
  const mayStart = useCan("execution.start")
  const { cancel, retry } = useExecutionActs()
  const { mutate: stop } = cancel
  const { mutate: again } = retry
  const open = useCallback(
    ({ id }: Pick<ExecutionSummary, "id">) =>
      void navigate({ to: "/executions/$executionId", params: { executionId: id } }),
    [navigate],
  )
  const rowMenu = useCallback(
    (row: ExecutionSummary): MenuEntry[] => {
      const openFlow = () => void navigate({ to: "/flows/$flowId", params: { flowId: row.flow_id } })
      const link = `${location.origin}/executions/${row.id}`
      return [
        { label: "Open", icon: ExternalLink, keys: "enter", onSelect: () => open(row) },
        { label: "Open the flow", icon: Workflow, onSelect: openFlow },
        { label: "Copy link", icon: Link2, onSelect: () => void navigator.clipboard.writeText(link) },
        ...(mayStart && isRetryable(row.status)
          ? [
              {
                label: "Retry",
                icon: RotateCw,
                onSelect: () =>
                  again(row.id, { onSuccess: ({ execution_id }) => open({ id: execution_id }) }),
              },
            ]
          : []),
        ...(mayCancel && !isSettled(row.status)
          ? ([
              "divider",
              { label: "Cancel", icon: Ban, danger: true, onSelect: () => stop([row]) },
            ] satisfies MenuEntry[])
          : []),
      ]
    },
    [navigate, open, mayStart, mayCancel, stop, again],
  )
  const bulk = useCallback(
    (chosen: readonly ExecutionSummary[], clear: () => void) => {
      const running = chosen.filter((row) => !isSettled(row.status))
      return (
        <Button
          size="sm"
          disabled={running.length === 0}
          onClick={() => {
            stop(running)
            clear()
          }}
        >
          <Ban aria-hidden />
          {running.length === 0 ? "All have ended" : `Cancel ${running.length.toLocaleString("en")}`}
        </Button>
      )
    },
    [stop],
  )
  return { open, rowMenu, bulk: mayCancel ? bulk : undefined }
}

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
