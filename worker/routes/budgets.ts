import { budgetsApi } from "#core/contract/budgets"
import { answer, routes } from "#worker/http/answer"
import { createBudget } from "#worker/services/budgets/create"
import { budgetHistory, getBudget, listBudgets } from "#worker/services/budgets/read"
import { removeBudget, restoreBudget } from "#worker/services/budgets/remove"
import { testAlert } from "#worker/services/budgets/test-alert"
import { updateBudget } from "#worker/services/budgets/update"

export const budgetRoutes = routes(
  answer(budgetsApi.list, ({ ctx, env, query }) => listBudgets(env, ctx, query)),
  answer(budgetsApi.create, ({ ctx, env, body }) => createBudget(env, ctx, body), { once: true }),
  answer(budgetsApi.get, ({ ctx, env, params }) => getBudget(env, ctx, params.budget_id)),
  answer(
    budgetsApi.update,
    ({ ctx, env, params, body, ifMatch }) => updateBudget(env, ctx, params.budget_id, ifMatch, body),
    { once: true },
  ),
  answer(budgetsApi.remove, ({ ctx, env, params, ifMatch }) =>
    removeBudget(env, ctx, params.budget_id, ifMatch),
  ),
  answer(budgetsApi.restore, ({ ctx, env, params }) => restoreBudget(env, ctx, params.budget_id)),
  answer(budgetsApi.testAlert, ({ ctx, env, params }) => testAlert(env, ctx, params.budget_id)),
  answer(budgetsApi.history, ({ ctx, env, params, query }) =>
    budgetHistory(env, ctx, params.budget_id, query),
  ),
)
