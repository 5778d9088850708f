import type { budgetsApi } from "#core/contract/budgets"
import type { ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { newId, type BudgetId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as budgets from "#worker/db/budgets"
import { commit } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { tellBy, waysOf } from "./tell.ts"

/** Tells whoever is told of a budget, once and now, and says what became of it. */
export async function testAlert(
  env: Env,
  ctx: Ctx,
  id: BudgetId,
): Promise<ReplyOf<typeof budgetsApi.testAlert>> {
  allow(ctx.actor, "budget.edit")
  const row = found(await budgets.byId(ctx.db, id), "budget.not_found")
  const note = {
    id: newId<string>("alert", ctx.now, ctx.chance),
    budget_id: id,
    budget_name: row.name,
    account: "test",
    kind: "test" as const,
    percent: 100 as const,
    limit_micros: row.limit_micros,
    spent_micros: 0,
    at: isoTime(ctx.now),
  }
  const told = await Promise.all(waysOf(env, row).map((way) => tellBy(env, ctx.tenant, row, note, way)))
  const after = { told: told.map(({ way, ok }) => ({ way, ok })) }
  return commit(ctx, { told }, audit(ctx, "budget.test_alert", { target: id, after }, true))
}
