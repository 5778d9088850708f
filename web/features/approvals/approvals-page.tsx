import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Inbox } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { Approval } from "#core/contract/approvals"
import type { ApprovalId, ExecutionId } from "#core/ids"
import { flowChoicesQuery } from "#web/api/choices.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { ApprovalDetail } from "./approval-detail.tsx"
import { InboxList } from "./inbox-list.tsx"
import { endings, queryOf, views, type InboxSearch } from "./model.ts"
import { approvalListQuery, type ApprovalPlace } from "./queries.ts"

/** What executions ask of people: the list, and the question itself beside it; on a phone one after the other. */
export function ApprovalsPage() {
  const wide = useWide()
  const { search, set, open } = useInboxSearch(wide)
  const list = useInfiniteQuery({ ...approvalListQuery(queryOf(search)), placeholderData: keepPreviousData })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.approvals), [list.data])
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const place = placeOf(search, rows) ?? (wide ? (rows?.[0] ?? null) : null)
  const known = rows?.find(({ id }) => id === place?.id)
  const detail = place && (
    <ApprovalDetail place={place} known={known} onAnswered={() => open(place, "stay")} />
  )
  if (!wide && detail) return <OneQuestion title={known?.title ?? "Question"}>{detail}</OneQuestion>
  const column = (
    <>
      <Toolbar search={search} set={set} />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <InboxList
          rows={rows}
          total={list.data?.pages[0]?.total}
          search={search}
          onOpen={open}
          onEnd={hasNextPage ? onEnd : undefined}
          onView={set}
          {...(wide ? { current: place?.id ?? null } : {})}
        />
      )}
    </>
  )
  return (
    <>
      <PageHeader crumbs={[{ label: "Approvals" }]} />
      {wide ? (
        <div className="flex min-h-0 flex-1">
          <div className="flex w-96 shrink-0 flex-col border-r border-line">{column}</div>
          <section aria-label="Question" className="min-w-0 flex-1 overflow-y-auto">
            {detail ?? (rows && <NothingChosen isEmpty={rows.length === 0} />)}
          </section>
        </div>
      ) : (
        column
      )}
    </>
  )
}

function useInboxSearch(wide: boolean) {
  const search = useSearch({ from: "/shell/inside/approvals" })
  const navigate = useNavigate({ from: "/approvals" })
  const set = useCallback(
    (change: Partial<InboxSearch>) =>
      void navigate({
        search: (before) => ({ ...before, approval: undefined, execution: undefined, ...change }),
        replace: true,
      }),
    [navigate],
  )
  const open = useCallback(
    ({ id, execution_id }: ApprovalPlace, stay?: "stay") =>
      void navigate({
        search: (before) => ({ ...before, approval: id, execution: execution_id }),
        // Walking through the list is no history; on a phone, back leads to the list.
        replace: wide || stay === "stay",
        resetScroll: false,
      }),
    [navigate, wide],
  )
  return { search, set, open }
}

/** The question that the address names. */
function placeOf(
  { approval, execution }: { approval?: ApprovalId | undefined; execution?: ExecutionId | undefined },
  rows: readonly Approval[] | undefined,
): ApprovalPlace | null {
  if (!approval) return null
  if (execution) return { id: approval, execution_id: execution }
  return rows?.find(({ id }) => id === approval) ?? null
}

function Toolbar({ search, set }: { search: InboxSearch; set: (change: Partial<InboxSearch>) => void }) {
  const flows = useQuery(flowChoicesQuery).data?.flows ?? []
  const filters: Filter[] = [
    ...(search.view === "ended" ? [{ id: "ended", label: "How", options: endings }] : []),
    { id: "flow_id", label: "Flow", options: flows.map(({ id, name }) => ({ value: id, label: name })) },
  ]
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <Segments
        label="Which approvals"
        segments={views}
        value={search.view ?? "mine"}
        onChange={(view) => set({ view: view === "mine" ? undefined : view, ended: undefined })}
      />
      <FilterChips
        filters={filters}
        values={{
          flow_id: search.flow_id ? [search.flow_id] : [],
          ended: search.ended ? [search.ended] : [],
        }}
        onChange={(id, [value]) => set({ [id]: value })}
      />
    </div>
  )
}

/** A phone's page of one question. */
const OneQuestion = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <>
    <PageHeader crumbs={[{ label: "Approvals", to: "/approvals" }, { label: title }]} />
    <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
  </>
)

const NothingChosen = ({ isEmpty }: { isEmpty: boolean }) => (
  <EmptyState
    icon={Inbox}
    title={isEmpty ? "All clear" : "Choose a question"}
    className="h-full justify-center py-0"
  >
    {isEmpty ? "Nothing to decide in this view." : "It opens here with its form and its buttons."}
  </EmptyState>
)
