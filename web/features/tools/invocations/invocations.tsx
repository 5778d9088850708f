import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { History, SearchX } from "lucide-react"
import { useCallback, useMemo, useState } from "react"
import { Invocation } from "#core/contract/tools"
import type { ToolId } from "#core/ids"
import { useActors } from "#web/api/choices.ts"
import { spanStatusLook } from "#web/flow/waterfall/span-look.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { CallDialog } from "./call-dialog.tsx"
import { callColumns, CallNarrow, labelOf, type Call } from "./call-columns.tsx"
import { invocationsQuery, type CallStatus } from "./queries.ts"

const statuses = Invocation.shape.status.options

const statusFilter: Filter = {
  id: "status",
  label: "Status",
  options: statuses.map((value) => ({
    value,
    label: spanStatusLook[value].word,
    icon: spanStatusLook[value].icon,
  })),
}

/** Every call of a tool that has ended, whoever made it, the newest first; new ones come as one looks. */
export function Invocations({ toolId }: { toolId: ToolId }) {
  const [status, setStatus] = useState<CallStatus | undefined>()
  const [opened, setOpened] = useState<Call | null>(null)
  const actors = useActors()
  const list = useInfiniteQuery({ ...invocationsQuery(toolId, status), placeholderData: keepPreviousData })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  // Calls that came while one scrolled push others onto the next page.
  const rows = useMemo(
    () =>
      list.data && [
        ...new Map(
          list.data.pages.flatMap((page) => page.invocations).map((one) => [one.span_id, one]),
        ).values(),
      ],
    [list.data],
  )
  const total = list.data?.pages[0]?.total
  const columns = useMemo(() => callColumns(actors.say), [actors.say])
  const narrow = useCallback(
    (row: Call) => <CallNarrow row={row} by={row.actor === null ? "" : actors.say(row.actor)} />,
    [actors],
  )
  if (list.error && !rows)
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <FilterChips
          filters={[statusFilter]}
          values={{ status: status ? [status] : [] }}
          onChange={(_, values) => setStatus(statuses.find((one) => one === values[0]))}
        />
        {total !== undefined && (
          <p role="status" className="tabular ml-auto text-sm text-muted">
            {total.toLocaleString("en")} {total === 1 ? "call" : "calls"}
          </p>
        )}
      </div>
      <Table
        label="Calls"
        rows={rows}
        rowKey={keyOf}
        rowLabel={labelOf}
        columns={columns}
        narrow={narrow}
        onOpen={setOpened}
        total={total}
        onEnd={hasNextPage ? onEnd : undefined}
        empty={status ? <NoMatch onClear={() => setStatus(undefined)} /> : <NoneYet />}
      />
      {opened && <CallDialog key={opened.span_id} call={opened} onClose={() => setOpened(null)} />}
    </div>
  )
}

const keyOf = (row: Call) => row.span_id

const NoMatch = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No call matches"
    action={<Button onClick={onClear}>Show all calls</Button>}
  >
    Only calls that ended in this way are listed.
  </EmptyState>
)

const NoneYet = () => (
  <EmptyState icon={History} title="Never called">
    Calls by agents, by flows and by hand stand here once they have ended, with what they were made with and
    what came of them.
  </EmptyState>
)
