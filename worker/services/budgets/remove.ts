import type { Budget } from "#core/contract/budgets"
import { found } from "#core/errors"
import type { BudgetId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import * as budgets from "#worker/db/budgets"
import { commit } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { showBook } from "./govern.ts"
import { budgetOf, factsOf } from "./shape.ts"

/** Deletes a budget softly: from now on it holds nobody back. */
export async function removeBudget(env: Env, ctx: Ctx, id: BudgetId, was: number | undefined): Promise<void> {
  allow(ctx.actor, "budget.edit")
  const row = found(await budgets.byId(ctx.db, id), "budget.not_found")
  assertVersion(row.version, was)
  await commit(
    ctx,
    undefined,
    budgets.save(ctx.db, id, row.version, { deleted_at: isoTime(ctx.now) }),
    audit(ctx, "budget.delete", { target: id, before: factsOf(row) }),
  )
  await showBook(env, ctx)
}

/** Brings a deleted budget back; what was spent of it before counts again. */
export async function restoreBudget(env: Env, ctx: Ctx, id: BudgetId): Promise<{ budget: Budget }> {
  allow(ctx.actor, "budget.edit")
  const row = found(await budgets.deletedById(ctx.db, id), "budget.not_found")
  const back = { ...row, deleted_at: null, version: row.version + 1 }
  const names = await budgets.targetNames(ctx.db, row.target_id === null ? [] : [row.target_id])
  const target_name = names.get(row.target_id ?? "") ?? null
  const reply = await commit(
    ctx,
    { budget: budgetOf(back, { target_name, standing: undefined, now: ctx.now }) },
    budgets.save(ctx.db, id, row.version, { deleted_at: null }),
    audit(ctx, "budget.restore", { target: id, after: factsOf(back) }),
  )
  await showBook(env, ctx)
  return reply
}
