import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { Budget, budgetsApi } from "#core/contract/budgets"
import { Failure, found } from "#core/errors"
import type { BudgetId } from "#core/ids"
import type { Standing } from "#durable/governor/messages"
import { allow, type Ctx } from "#worker/context"
import * as budgets from "#worker/db/budgets"
import type { Env } from "#worker/env"
import { governorStub } from "#worker/stubs"
import { readBook } from "./book.ts"
import { budgetOf } from "./shape.ts"

/** A page of the tenant's budgets, and how they stand. */
export async function listBudgets(
  env: Env,
  ctx: Ctx,
  query: QueryOf<typeof budgetsApi.list>,
): Promise<ReplyOf<typeof budgetsApi.list>> {
  allow(ctx.actor, "budget.read")
  const { rows, total } = await budgets.list(ctx.db, query)
  return { budgets: await seen(env, ctx, rows), total, page_info: pageInfo(query.page, query.limit, total) }
}

export async function getBudget(env: Env, ctx: Ctx, id: BudgetId): Promise<{ budget: Budget }> {
  allow(ctx.actor, "budget.read")
  const row = found(await budgets.byId(ctx.db, id), "budget.not_found")
  const [budget] = await seen(env, ctx, [row])
  return { budget: budget! }
}

async function seen(env: Env, ctx: Ctx, rows: readonly budgets.BudgetRow[]): Promise<Budget[]> {
  if (rows.length === 0) return []
  const ids = rows.flatMap(({ target_id }) => (target_id === null ? [] : [target_id]))
  const [names, standings] = await Promise.all([budgets.targetNames(ctx.db, ids), standingsOf(env, ctx)])
  return rows.map((row) =>
    budgetOf(row, {
      target_name: names.get(row.target_id ?? "") ?? null,
      standing: standings.get(row.id),
      now: ctx.now,
    }),
  )
}

/** A list that shows no figures is better than none. */
async function standingsOf(env: Env, ctx: Ctx): Promise<ReadonlyMap<string, Standing>> {
  try {
    const standings = await governorStub(env, ctx.tenant.id).standings(ctx.tenant, await readBook(ctx.db))
    return new Map(standings.map((one) => [one.budget_id, one]))
  } catch (error) {
    console.warn("budgets: the governor cannot be asked", { error: String(error) })
    return new Map()
  }
}

/** A budget's periods and alerts, the latest first. */
export async function budgetHistory(
  env: Env,
  ctx: Ctx,
  id: BudgetId,
  { limit }: QueryOf<typeof budgetsApi.history>,
): Promise<ReplyOf<typeof budgetsApi.history>> {
  allow(ctx.actor, "budget.read")
  found(await budgets.byId(ctx.db, id), "budget.not_found")
  const { accounts, alerts } = await governorStub(env, ctx.tenant.id)
    .history(id, limit)
    .catch(() => {
      throw new Failure("governor.unavailable")
    })
  return {
    periods: accounts.map(({ account, spent, reserved, refused }) => ({
      account,
      spent_micros: spent,
      reserved_micros: reserved,
      refused,
    })),
    alerts: alerts.map(({ kind, percent, account, limit_micros, spent_micros, state, at }) => ({
      kind,
      percent,
      account,
      limit_micros,
      spent_micros,
      state,
      at,
    })),
  }
}
