import { useInfiniteQuery, keepPreviousData } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Copy, Download, ExternalLink, FileUp, Pencil, Plus, SearchX, Trash2 } from "lucide-react"
import { useCallback, useMemo, useState } from "react"
import type { FlowSummary } from "#core/contract/flows"
import { useCan } from "#web/api/me.ts"
import { Button, IconButton } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { FlowNarrow, flowColumns } from "./flow-columns.tsx"
import { FirstFlow } from "./first-flow.tsx"
import { NewFlowDialog } from "./new-flow-dialog.tsx"
import { downloadFlow, flowListQuery, useFlowActs } from "./queries.ts"
import { RenameDialog } from "./rename-dialog.tsx"
import { useImport } from "./use-import.ts"

const filters: readonly Filter[] = [
  {
    id: "status",
    label: "Status",
    options: [
      { value: "published", label: "Published" },
      { value: "draft", label: "Draft" },
    ],
  },
]

export function FlowsPage() {
  const search = useSearch({ from: "/shell/inside/flows" })
  const navigate = useNavigate({ from: "/flows" })
  const mayEdit = useCan("flow.edit")
  const acts = useFlowActs()
  const pickFile = useImport()
  const [renamed, setRenamed] = useState<FlowSummary | null>(null)
  const sort = search.sort ?? "-updated_at"
  const set = useCallback(
    (change: Partial<typeof search>, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace }),
    [navigate],
  )
  const list = useInfiniteQuery({
    ...flowListQuery({
      sort,
      ...(search.q ? { search: search.q } : {}),
      ...(search.status ? { published: search.status === "published" ? "true" : "false" } : {}),
    }),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.flows), [list.data])
  const total = list.data?.pages[0]?.total
  const isNarrowed = Boolean(search.q || search.status)
  const open = useCallback((flow: FlowSummary) => void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } }), [navigate])
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const { mutate: remove } = acts.remove
  const { mutate: duplicate } = acts.duplicate
  const rowMenu = useCallback(
    (flow: FlowSummary): MenuEntry[] => [
      { label: "Open", icon: ExternalLink, keys: "enter", onSelect: () => open(flow) },
      ...(mayEdit
        ? [
            { label: "Rename…", icon: Pencil, onSelect: () => setRenamed(flow) },
            { label: "Duplicate", icon: Copy, onSelect: () => duplicate(flow) },
          ]
        : []),
      { label: "Export", icon: Download, onSelect: () => void downloadFlow(flow).catch((error: unknown) => toast.failed(error)) },
      ...(mayEdit
        ? (["divider", { label: "Delete", icon: Trash2, danger: true, onSelect: () => remove([flow]) }] satisfies MenuEntry[])
        : []),
    ],
    [mayEdit, open, duplicate, remove],
  )

  const isEmpty = rows?.length === 0 && !isNarrowed
  const openNew = () => set({ new: true }, false)
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Flows" }]}
        actions={
          mayEdit && (
            <>
              <IconButton label="Import a flow from a file" size="sm" onClick={pickFile}>
                <FileUp />
              </IconButton>
              <Button tone="primary" size="sm" onClick={openNew}>
                <Plus aria-hidden />
                New flow
              </Button>
            </>
          )
        }
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : isEmpty ? (
        <FirstFlow mayEdit={mayEdit} />
      ) : (
        <>
          <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
            <SearchInput label="Search flows" value={search.q ?? ""} onChange={(q) => set({ q: q || undefined })} className="max-md:w-auto max-md:flex-1" />
            <FilterChips
              filters={filters}
              values={{ status: search.status ? [search.status] : [] }}
              onChange={(_, [value]) => set({ status: value as typeof search.status })}
            />
            {total !== undefined && (
              <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
                {total.toLocaleString("en")} {total === 1 ? "flow" : "flows"}
              </p>
            )}
          </div>
          <Table
            label="Flows"
            rows={rows}
            rowKey={keyOf}
            rowLabel={nameOf}
            columns={flowColumns}
            narrow={narrow}
            sort={sort}
            onSort={(next) => set({ sort: next })}
            onOpen={open}
            rowMenu={rowMenu}
            total={total}
            onEnd={hasNextPage ? onEnd : undefined}
            {...(mayEdit && {
              bulk: (chosen: readonly FlowSummary[], clear: () => void) => (
                <Button
                  size="sm"
                  onClick={() => {
                    remove(chosen)
                    clear()
                  }}
                >
                  <Trash2 aria-hidden />
                  Delete
                </Button>
              ),
            })}
            empty={
              <EmptyState
                icon={SearchX}
                title="No flow matches"
                action={<Button onClick={() => set({ q: undefined, status: undefined })}>Clear search and filters</Button>}
              >
                Search looks at names and descriptions.
              </EmptyState>
            }
          />
        </>
      )}
      <NewFlowDialog open={search.new === true && mayEdit} onOpenChange={(isOpen) => !isOpen && set({ new: undefined })} />
      {renamed && <RenameDialog flow={renamed} onClose={() => setRenamed(null)} />}
    </>
  )
}

const keyOf = (flow: FlowSummary) => flow.id
const nameOf = (flow: FlowSummary) => flow.name
const narrow = (flow: FlowSummary) => <FlowNarrow flow={flow} />
