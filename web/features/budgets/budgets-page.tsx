import { useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Pencil, Plus, Power, SearchX, Trash2, Wallet } from "lucide-react"
import { lazy, Suspense, useCallback, useMemo, type ReactNode } from "react"
import type { Budget } from "#core/contract/budgets"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { BudgetNarrow, budgetColumns } from "./budget-columns.tsx"
import { inTree, targetOf } from "./model.ts"
import { budgetsQuery, useBudgetActs } from "./queries.ts"

const BudgetDialog = lazy(async () => ({ default: (await import("./budget-dialog.tsx")).BudgetDialog }))
const BudgetView = lazy(async () => ({ default: (await import("./budget-view.tsx")).BudgetView }))

/** What may be spent and what was, as the tree that every call climbs. */
export function BudgetsPage() {
  const { q, edit, show } = useSearch({ from: "/shell/inside/budgets" })
  const navigate = useNavigate({ from: "/budgets" })
  const mayEdit = useCan("budget.edit")
  const list = useQuery(budgetsQuery)
  const all = list.data?.budgets
  const rows = useMemo(() => all && inTree(all).filter((one) => hasWords(one, q)), [all, q])
  const set = useCallback(
    (change: { q?: string | undefined; edit?: string | undefined; show?: string | undefined }) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const onEdit = useCallback((id: string | undefined) => set({ edit: id, show: undefined }), [set])
  const onShow = useCallback((budget: Budget) => set({ show: budget.id }), [set])
  const edited = all?.find(({ id }) => id === edit)
  const shown = edit === undefined ? all?.find(({ id }) => id === show) : undefined
  const onNew = mayEdit ? () => onEdit("new") : undefined
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Budgets" }]}
        actions={
          onNew && (
            <Button tone="primary" size="sm" onClick={onNew}>
              <Plus aria-hidden />
              Set budget
            </Button>
          )
        }
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <>
          {(all === undefined || all.length > 0) && (
            <div className="flex min-h-11 items-center gap-2 border-b border-line px-3 py-1.5">
              <SearchInput
                label="Search budgets"
                value={q ?? ""}
                onChange={(text) => set({ q: text || undefined })}
                className="max-md:w-auto max-md:flex-1"
              />
            </div>
          )}
          <BudgetTable
            rows={rows}
            onShow={onShow}
            onEdit={mayEdit ? onEdit : undefined}
            empty={q ? <NoMatch /> : <None onNew={onNew} />}
          />
        </>
      )}
      <Suspense>
        {mayEdit && (edit === "new" || edited) && (
          <BudgetDialog key={edit} budget={edited ?? null} onClose={() => onEdit(undefined)} />
        )}
        {shown && (
          <BudgetView
            budget={shown}
            onEdit={mayEdit ? () => onEdit(shown.id) : undefined}
            onClose={() => set({ show: undefined })}
          />
        )}
      </Suspense>
    </>
  )
}

const hasWords = (budget: Budget, q: string | undefined): boolean =>
  !q || `${budget.name} ${targetOf(budget)}`.toLowerCase().includes(q.toLowerCase())

type BudgetTableProps = {
  rows: readonly Budget[] | undefined
  onShow: (budget: Budget) => void
  /** Absent for those who may not change budgets. */
  onEdit: ((id: string) => void) | undefined
  empty: ReactNode
}

function BudgetTable({ rows, onShow, onEdit, empty }: BudgetTableProps) {
  const rowMenu = useRowMenu(onEdit)
  return (
    <Table
      label="Budgets"
      rows={rows}
      rowKey={keyOf}
      rowLabel={nameOf}
      columns={budgetColumns}
      narrow={narrow}
      onOpen={onShow}
      {...(onEdit && { rowMenu })}
      empty={empty}
    />
  )
}

const onError = (error: unknown) => toast.failed(error)

function useRowMenu(onEdit: ((id: string) => void) | undefined) {
  const { update, remove } = useBudgetActs()
  const { mutate: change } = update
  const { mutate: erase } = remove
  return useCallback(
    (budget: Budget): MenuEntry[] => {
      const { id, is_active } = budget
      return [
        { label: "Edit…", icon: Pencil, onSelect: () => onEdit?.(id) },
        {
          label: is_active ? "Turn off" : "Turn on",
          icon: Power,
          onSelect: () => change({ id, change: { is_active: !is_active } }, { onError }),
        },
        "divider",
        { label: "Delete", icon: Trash2, danger: true, onSelect: () => erase(budget) },
      ]
    },
    [onEdit, change, erase],
  )
}

const keyOf = (budget: Budget) => budget.id
const nameOf = (budget: Budget) => budget.name
const narrow = (budget: Budget) => <BudgetNarrow budget={budget} />

const NoMatch = () => (
  <EmptyState icon={SearchX} title="No budget matches">
    Search looks at the names of budgets and of what they are of.
  </EmptyState>
)

const None = ({ onNew }: { onNew: (() => void) | undefined }) => (
  <EmptyState
    icon={Wallet}
    title="No budgets yet"
    action={
      onNew && (
        <Button tone="primary" onClick={onNew}>
          Set a budget
        </Button>
      )
    }
  >
    A budget caps what models may cost: in all, at a provider, by a crew or an agent, or for each execution.
    Before a call is sent, its highest price is held, so a hard cap is never passed.
  </EmptyState>
)
