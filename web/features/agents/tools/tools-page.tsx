import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Pencil, Plus, SearchX, Trash2, Wrench } from "lucide-react"
import { lazy, Suspense, useCallback, useMemo } from "react"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { isHttp, toolListQuery, useToolActs } from "./queries.ts"
import { rowsOf, toolColumns, ToolNarrow, type ToolRow } from "./tool-columns.tsx"

const ToolDialog = lazy(() => import("./tool-dialog.tsx"))

/** What agents may use: the tenant's own requests, and what every tenant has. */
export function ToolsPage() {
  const search = useSearch({ from: "/shell/inside/tools" })
  const navigate = useNavigate({ from: "/tools" })
  const mayEdit = useCan("agent.edit")
  const set = useCallback(
    (change: Partial<typeof search>, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace }),
    [navigate],
  )
  const list = useToolList(search.sort ?? "name", search.q ?? "")
  const { rows } = list
  const found = rows?.find((row) => row.id === search.edit)?.own
  const edited = isHttp(found) ? found : undefined
  const { mutate: remove } = useToolActs().remove
  const onOpen = useCallback((row: ToolRow) => isHttp(row.own) && set({ edit: row.id }, false), [set])
  const rowMenu = useCallback(
    ({ own }: ToolRow) =>
      own && mayEdit
        ? menuOf({ edit: isHttp(own) && (() => set({ edit: own.id }, false)), remove: () => remove(own) })
        : [],
    [mayEdit, set, remove],
  )
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Tools" }]}
        actions={
          mayEdit && (
            <Button tone="primary" size="sm" onClick={() => set({ edit: "new" }, false)}>
              <Plus aria-hidden />
              New tool
            </Button>
          )
        }
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={list.refetch} className="my-auto" />
      ) : (
        <>
          <div className="flex min-h-11 items-center gap-2 border-b border-line px-3 py-1.5">
            <SearchInput
              label="Search tools"
              value={search.q ?? ""}
              onChange={(q) => set({ q: q || undefined })}
              className="max-md:w-auto max-md:flex-1"
            />
          </div>
          <Table
            label="Tools"
            rows={rows}
            rowKey={keyOf}
            rowLabel={nameOf}
            columns={toolColumns}
            narrow={narrow}
            sort={search.sort ?? "name"}
            onSort={(sort) => set({ sort })}
            onEnd={list.onEnd}
            {...(mayEdit ? { rowMenu, onOpen } : {})}
            empty={search.q ? <NoMatch /> : <None />}
          />
        </>
      )}
      <Suspense>
        {mayEdit && (search.edit === "new" || edited) && (
          <ToolDialog key={search.edit} tool={edited ?? null} onClose={() => set({ edit: undefined })} />
        )}
      </Suspense>
    </>
  )
}

function useToolList(sort: string, typed: string) {
  const q = useSettled(typed)
  const list = useInfiniteQuery({
    ...toolListQuery({ sort, ...(q ? { search: q } : {}) }),
    placeholderData: keepPreviousData,
  })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return {
    rows: useMemo(() => list.data && rowsOf(list.data.pages, q), [list.data, q]),
    error: list.error,
    refetch: () => void list.refetch(),
    onEnd: hasNextPage ? more : undefined,
  }
}

type Acts = { edit: (() => void) | false; remove: () => void }

const menuOf = ({ edit, remove }: Acts): MenuEntry[] => [
  ...(edit ? [{ label: "Edit…", icon: Pencil, keys: "enter", onSelect: edit }, "divider" as const] : []),
  { label: "Delete", icon: Trash2, danger: true, onSelect: remove },
]

const keyOf = (row: ToolRow) => row.id
const nameOf = (row: ToolRow) => row.name
const narrow = (row: ToolRow) => <ToolNarrow row={row} />

const NoMatch = () => (
  <EmptyState icon={SearchX} title="No tool matches">
    Search looks at names and descriptions.
  </EmptyState>
)

const None = () => (
  <EmptyState icon={Wrench} title="No tools">
    A tool is one request that an agent may make, such as looking up an order.
  </EmptyState>
)
