import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { SearchX } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { TriggerKind } from "#core/contract/trigger-config"
import type { Trigger } from "#core/contract/triggers"
import { flowChoicesQuery } from "#web/api/choices.ts"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { TriggerDialog } from "./dialog/trigger-dialog.tsx"
import { newValues, valuesOf } from "./dialog/values.ts"
import { FirstTrigger } from "./first-trigger.tsx"
import { statusOptions } from "./health.tsx"
import { kindOptions } from "./kinds.ts"
import { NewTriggerButton } from "./new-trigger-button.tsx"
import { triggerListQuery, useTriggerActs, type TriggerListQuery } from "./queries.ts"
import { triggerColumns, TriggerNarrow } from "./trigger-columns.tsx"
import { useTriggerMenu } from "./use-trigger-menu.ts"
import { useTriggersSearch, type TriggersSearch } from "./use-triggers-search.ts"

const queryOf = (search: TriggersSearch, q: string | undefined): TriggerListQuery => ({
  sort: search.sort ?? "-created_at",
  ...(q ? { search: q } : {}),
  ...(search.kind ? { kind: search.kind } : {}),
  ...(search.status ? { status: search.status } : {}),
  ...(search.flow_id ? { flow_id: search.flow_id } : {}),
})

/** What starts flows without a person: whether it works, when it did last, and when it will next. */
export function TriggersPage() {
  const search = useSearch({ from: "/shell/inside/triggers" })
  const set = useTriggersSearch()
  const mayEdit = useCan("trigger.edit")
  const q = useSettled(search.q)
  const list = useInfiniteQuery({
    ...triggerListQuery(queryOf(search, q)),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.triggers), [list.data])
  const total = list.data?.pages[0]?.total
  const onNew = useCallback((kind: TriggerKind) => set({ new: kind }), [set])
  const isNarrowed = Boolean(search.q ?? search.kind ?? search.status ?? search.flow_id)
  const isFirst = rows?.length === 0 && !isNarrowed
  return (
    <>
      <PageHeader crumbs={[{ label: "Triggers" }]} actions={mayEdit && <NewTriggerButton onNew={onNew} />} />
      {!isFirst && <Toolbar search={search} set={set} total={total} />}
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <TriggerTable
          rows={rows}
          total={total}
          mayEdit={mayEdit}
          sort={search.sort ?? "-created_at"}
          onSort={(sort) => set({ sort })}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          empty={
            isNarrowed ? (
              <NothingFound
                onClear={() => set({ q: undefined, kind: undefined, status: undefined, flow_id: undefined })}
              />
            ) : (
              <FirstTrigger onNew={mayEdit ? onNew : undefined} />
            )
          }
        />
      )}
      {mayEdit && <OpenDialog rows={rows} />}
    </>
  )
}

type TriggerTableProps = {
  rows: readonly Trigger[] | undefined
  total: number | undefined
  mayEdit: boolean
  sort: string
  onSort: (sort: string) => void
  onEnd: (() => void) | undefined
  empty: React.ReactNode
}

function TriggerTable({ mayEdit, ...list }: TriggerTableProps) {
  const navigate = useNavigate()
  const set = useTriggersSearch()
  const { turn } = useTriggerActs()
  const { mutate: setOn } = turn
  const columns = useMemo(
    () => triggerColumns(mayEdit ? ({ id }, on) => setOn({ id, on }) : undefined),
    [mayEdit, setOn],
  )
  const onEdit = useCallback(({ id }: Trigger) => set({ edit: id }), [set])
  const rowMenu = useTriggerMenu({ mayEdit, onEdit })
  const onOpen = useCallback(
    ({ id }: Trigger) => void navigate({ to: "/triggers/$triggerId", params: { triggerId: id } }),
    [navigate],
  )
  return (
    <Table
      {...list}
      label="Triggers"
      rowKey={keyOf}
      rowLabel={nameOf}
      columns={columns}
      narrow={narrow}
      onOpen={onOpen}
      rowMenu={rowMenu}
    />
  )
}

const keyOf = (trigger: Trigger) => trigger.id
const nameOf = (trigger: Trigger) => trigger.name
const narrow = (trigger: Trigger) => <TriggerNarrow trigger={trigger} />

/** The dialog that the address names: a new trigger of a kind, or one of the list. */
function OpenDialog({ rows }: { rows: readonly Trigger[] | undefined }) {
  const search = useSearch({ from: "/shell/inside/triggers" })
  const set = useTriggersSearch()
  const navigate = useNavigate()
  const flows = useQuery(flowChoicesQuery).data?.flows
  const edited = rows?.find(({ id }) => id === search.edit)
  if (edited) {
    return (
      <TriggerDialog
        key={edited.id}
        trigger={edited}
        initial={valuesOf(edited)}
        onClose={() => set({ edit: undefined })}
      />
    )
  }
  // The flow's name comes with the choices; a dialog that was open before would keep its id instead.
  if (!search.new || (search.flow_id && !flows)) return null
  const flow = flows?.find(({ id }) => id === search.flow_id)
  return (
    <TriggerDialog
      key={search.new}
      trigger={null}
      initial={newValues(search.new, flow ?? (search.flow_id ? { id: search.flow_id, name: "" } : null))}
      onClose={(made) => {
        if (made) void navigate({ to: "/triggers/$triggerId", params: { triggerId: made }, replace: true })
        else set({ new: undefined })
      }}
    />
  )
}

type ToolbarProps = {
  search: TriggersSearch
  set: (change: Partial<TriggersSearch>) => void
  total: number | undefined
}

function Toolbar({ search, set, total }: ToolbarProps) {
  const flows = useQuery(flowChoicesQuery).data?.flows ?? []
  const filters: Filter[] = [
    { id: "status", label: "Status", options: statusOptions },
    { id: "kind", label: "Kind", options: kindOptions },
    { id: "flow_id", label: "Flow", options: flows.map(({ id, name }) => ({ value: id, label: name })) },
  ]
  const held = (value: string | undefined) => (value ? [value] : [])
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search triggers"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{ status: held(search.status), kind: held(search.kind), flow_id: held(search.flow_id) }}
        onChange={(id, [value]) => set({ [id]: value })}
      />
      {total !== undefined && (
        <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
          {total.toLocaleString("en")} {total === 1 ? "trigger" : "triggers"}
        </p>
      )}
    </div>
  )
}

const NothingFound = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No trigger matches"
    action={<Button onClick={onClear}>Clear search and filters</Button>}
  >
    Search looks at the names of triggers.
  </EmptyState>
)
