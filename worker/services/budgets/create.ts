import { actorId } from "#core/access/roles"
import type { BudgetDraft, budgetsApi } from "#core/contract/budgets"
import type { ReplyOf } from "#core/contract/endpoint"
import { newId, type BudgetId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as budgets from "#worker/db/budgets"
import { commit } from "#worker/db/commit"
import { settingsOf, type Env } from "#worker/env"
import { showBook } from "./govern.ts"
import { chooseSecret } from "./secret.ts"
import { assertWhole, budgetOf, factsOf } from "./shape.ts"

/** Sets a budget. What was spent before it was set does not count. */
export async function createBudget(
  env: Env,
  ctx: Ctx,
  body: BudgetDraft,
): Promise<ReplyOf<typeof budgetsApi.create>> {
  allow(ctx.actor, "budget.edit")
  const target_name = await assertWhole(ctx, body)
  const id = newId<BudgetId>("budget", ctx.now, ctx.chance)
  const { kept, told } = await chooseSecret(ctx, settingsOf(env), id, body)
  const at = isoTime(ctx.now)
  const row: budgets.BudgetRow = {
    id,
    ...body,
    ...kept,
    version: 1,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
  const budget = budgetOf(row, { target_name, standing: undefined, now: ctx.now })
  const reply = await commit(
    ctx,
    { budget, alert_webhook_secret: told },
    budgets.insert(row),
    audit(ctx, "budget.create", { target: id, after: factsOf(row) }),
  )
  await showBook(env, ctx)
  return reply
}
