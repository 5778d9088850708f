import type { BudgetDraft, budgetsApi } from "#core/contract/budgets"
import type { ReplyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import type { BudgetId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import * as budgets from "#worker/db/budgets"
import { commit } from "#worker/db/commit"
import { settingsOf, type Env } from "#worker/env"
import { showBook } from "./govern.ts"
import { chooseSecret } from "./secret.ts"
import { assertWhole, budgetOf, factsOf } from "./shape.ts"

/** Changes a budget; a new limit holds from the next call on, and what was spent stays. */
export async function updateBudget(
  env: Env,
  ctx: Ctx,
  id: BudgetId,
  was: number | undefined,
  body: BudgetDraft,
): Promise<ReplyOf<typeof budgetsApi.update>> {
  allow(ctx.actor, "budget.edit")
  const before = found(await budgets.byId(ctx.db, id), "budget.not_found")
  assertVersion(before.version, was)
  assertSame(before, body)
  const target_name = await assertStill(ctx, before, body)
  const { kept, told } = await chooseSecret(ctx, settingsOf(env), id, body, before)
  const change = { ...body, ...kept, updated_at: isoTime(ctx.now) }
  const after = { ...before, ...change, version: before.version + 1 }
  const budget = budgetOf(after, { target_name, standing: undefined, now: ctx.now })
  const reply = await commit(
    ctx,
    { budget, alert_webhook_secret: told },
    budgets.save(ctx.db, id, before.version, change),
    audit(ctx, "budget.update", { target: id, before: factsOf(before), after: factsOf(after) }),
  )
  await showBook(env, ctx)
  return reply
}

/** What was entered was entered for this thing and these periods. */
function assertSame(before: budgets.BudgetRow, body: BudgetDraft): void {
  const errors = (["scope", "target_id", "period"] as const)
    .filter((field) => before[field] !== body[field])
    .map((path) => ({ path, message: "This stays as it is. Make another budget instead" }))
  if (errors.length > 0) throw new Failure("request.invalid", { errors })
}

/** Of what is deleted, a budget can still be changed: it has no name any more. */
async function assertStill(ctx: Ctx, before: budgets.BudgetRow, body: BudgetDraft): Promise<string | null> {
  const id = before.target_id
  const isGone = id !== null && !(await budgets.targetNames(ctx.db, [id])).has(id)
  return isGone ? null : assertWhole(ctx, body)
}
