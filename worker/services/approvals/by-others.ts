import { grants, type Role } from "#core/access/roles"
import { UserId, type ApprovalId, type ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as members from "#worker/db/members"
import { namesOf as actorsOf } from "#worker/db/person"
import type { Env } from "#worker/env"
import { coordinatorOf } from "#worker/services/executions/find"
import { ask } from "#worker/stubs"
import { namesOf } from "./names.ts"

/** The roles that answer questions. */
export const answering = (Object.keys(grants) as Role[]).filter((role) => grants[role].has("approval.answer"))

/**
 * How the caller stands to a question that somebody else than the starter of its execution is to answer: as that other, as the
 * starter, or as the starter where nobody else in the tenant could answer. What somebody's key has started, they have.
 */
export async function standingOf(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  approvalId: ApprovalId,
): Promise<"other" | "starter" | "alone"> {
  allow(ctx.actor, "approval.answer")
  const lane = await coordinatorOf(env, ctx, id)
  const me = UserId.safeParse((await namesOf(ctx))[0]).data
  if (me === undefined) return "starter"
  const control = await ctx.control()
  const { execution } = await ask(lane.get(id))
  if (!(await actorsOf(control, ctx.tenant.id, me)).includes(execution.actor)) return "other"
  const { assignees } = await ask(lane.approval(id, approvalId))
  const isAlone = !(await members.isAnybodyElse(control, ctx.tenant.id, me, answering, assignees))
  return isAlone ? "alone" : "starter"
}
