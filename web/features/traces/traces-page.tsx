import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { ChartNoAxesGantt, ExternalLink, Filter, Link2, SearchX } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { FoundSpan } from "#core/contract/traces"
import { nodeKey } from "#core/execution/state"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { nothing, queryOf, type ListSearch } from "./list-search.ts"
import { tracesQuery } from "./queries.ts"
import { labelOf, spanColumns, SpanNarrow } from "./span-columns.tsx"
import { CallDialog, isCall } from "./call-dialog.tsx"
import { Toolbar } from "./toolbar.tsx"

/** Every step, call and wait of every execution, newest first: to find the slow, the dear and the broken one. */
export function TracesPage() {
  const search = useSearch({ from: "/shell/inside/traces" })
  const navigate = useNavigate({ from: "/traces" })
  const set = useCallback(
    (change: ListSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const list = useInfiniteQuery({ ...tracesQuery(queryOf(search)), placeholderData: keepPreviousData })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const rows = useMemo(() => onceEach(list.data?.pages.flatMap((page) => page.spans)), [list.data])
  const first = list.data?.pages[0]
  const longest = useMemo(() => Math.max(0, ...(rows ?? []).map((row) => row.duration_ms ?? 0)), [rows])
  const columns = useMemo(() => spanColumns(longest), [longest])
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const { open, rowMenu } = useRowActs(set)
  const isNarrowed = Object.keys(queryOf(search)).length > 1
  if (list.error && !rows) {
    return (
      <>
        <PageHeader crumbs={[{ label: "Traces" }]} />
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      </>
    )
  }
  return (
    <>
      <PageHeader crumbs={[{ label: "Traces" }]} />
      <Toolbar
        search={search}
        set={set}
        rows={rows}
        total={first?.total}
        isComplete={first?.is_complete ?? true}
      />
      <Table
        label="Spans"
        rows={rows}
        rowKey={keyOf}
        rowLabel={labelOf}
        columns={columns}
        narrow={narrow}
        sort={search.sort ?? "-start_time"}
        onSort={(sort) => set({ sort })}
        onOpen={open}
        rowMenu={rowMenu}
        total={first?.total}
        onEnd={hasNextPage ? onEnd : undefined}
        empty={isNarrowed ? <NothingFound onClear={() => set(nothing)} /> : <NothingYet />}
      />
      {search.span && <CallDialog id={search.span} onClose={() => set({ span: undefined })} />}
    </>
  )
}

const keyOf = (row: FoundSpan) => row.id
const narrow = (row: FoundSpan) => <SpanNarrow row={row} />

/** While spans keep coming, the end of one page is the beginning of the next. */
function onceEach(rows: readonly FoundSpan[] | undefined): FoundSpan[] | undefined {
  return rows && [...new Map(rows.map((row) => [row.id, row])).values()]
}

/** What the address of a span's execution holds, so that the page opens at the step or the iteration. */
const placeOf = ({ kind, node_id, scope }: FoundSpan): { node?: string; scope?: string } =>
  kind === "scope" ? { scope } : node_id === null ? {} : { node: nodeKey(node_id, scope) }

/** What can be done with a row. */
function useRowActs(set: (change: ListSearch) => void) {
  const navigate = useNavigate()
  const open = useCallback(
    (row: FoundSpan) => {
      if (isCall(row)) return set({ span: row.id })
      void navigate({
        to: "/executions/$executionId",
        params: { executionId: row.execution_id },
        search: placeOf(row),
      })
    },
    [navigate, set],
  )
  const rowMenu = useCallback(
    (row: FoundSpan): MenuEntry[] => {
      const place = new URLSearchParams(placeOf(row)).toString()
      const link = isCall(row)
        ? `${location.origin}/traces?span=${row.id}`
        : `${location.origin}/executions/${row.execution_id}${place ? `?${place}` : ""}`
      const { node_id, model } = row
      return [
        {
          label: isCall(row) ? "Open the call" : "Open the execution",
          icon: ExternalLink,
          keys: "enter",
          onSelect: () => open(row),
        },
        { label: "Copy link", icon: Link2, onSelect: () => void navigator.clipboard.writeText(link) },
        ...(node_id === null
          ? []
          : [{ label: "Only this node", icon: Filter, onSelect: () => set({ node: node_id }) }]),
        ...(model === null
          ? []
          : [{ label: "Only this model", icon: Filter, onSelect: () => set({ model }) }]),
      ]
    },
    [open, set],
  )
  return { open, rowMenu }
}

const NothingFound = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No span matches"
    action={<Button onClick={onClear}>Clear search and filters</Button>}
  >
    Search looks at names, nodes, models, errors, addresses, and the beginnings of prompts and answers.
  </EmptyState>
)

const NothingYet = () => (
  <EmptyState
    icon={ChartNoAxesGantt}
    title="No traces yet"
    action={
      <Button asChild tone="primary">
        <Link to="/flows">Go to flows</Link>
      </Button>
    }
  >
    Every step, model call, request and wait of an execution stands here as soon as it has ended, with its
    time, its tokens and its cost.
  </EmptyState>
)
