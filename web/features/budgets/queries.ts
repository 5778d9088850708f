import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { budgetsApi, type Budget, type BudgetDraft } from "#core/contract/budgets"
import type { BodyIn } from "#core/contract/endpoint"
import type { BudgetId } from "#core/ids"
import { call, callTagged } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

/** All of a tenant's: there are two hundred at most. What is spent changes by itself, so it is looked at again. */
export const budgetsQuery = queryOptions({
  queryKey: queryKeys.budgets,
  queryFn: ({ signal }) => call(budgetsApi.list, { query: { limit: 200, sort: "name" }, signal }),
  refetchInterval: 15_000,
})

export const historyQuery = (id: BudgetId) =>
  queryOptions({
    queryKey: queryKeys.budgetHistory(id),
    queryFn: ({ signal }) =>
      call(budgetsApi.history, { params: { budget_id: id }, query: { limit: 12 }, signal }),
  })

const draftOf = (budget: Budget): BudgetDraft => ({
  name: budget.name,
  scope: budget.scope,
  target_id: budget.target_id,
  limit_micros: budget.limit_micros,
  period: budget.period,
  mode: budget.mode,
  alert_webhook_url: budget.alert_webhook_url,
  alert_emails: budget.alert_emails,
  is_active: budget.is_active,
})

export function useBudgetActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.budgets })

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof budgetsApi.create>) => call(budgetsApi.create, { body }),
    onSuccess: settle,
  })

  /** Changes a budget as it stands on the server now. */
  const update = useMutation({
    mutationFn: async ({ id, change }: { id: BudgetId; change: Partial<BudgetDraft> }) => {
      const params = { budget_id: id }
      const { reply, ifMatch } = await callTagged(budgetsApi.get, { params })
      return call(budgetsApi.update, {
        params,
        body: { ...draftOf(reply.budget), ...change },
        headers: ifMatch,
      })
    },
    onSuccess: settle,
  })

  const restore = useMutation({
    mutationFn: (id: BudgetId) => call(budgetsApi.restore, { params: { budget_id: id } }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const remove = useMutation({
    mutationFn: ({ id }: Budget) => call(budgetsApi.remove, { params: { budget_id: id } }),
    onSuccess: (_, { id, name }) => toast.done(`Deleted “${name}”`, { onClick: () => restore.mutate(id) }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const test = useMutation({
    mutationFn: (id: BudgetId) => call(budgetsApi.testAlert, { params: { budget_id: id } }),
    onError: (error) => toast.failed(error),
  })

  return { create, update, remove, test }
}
