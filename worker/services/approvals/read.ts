import { can } from "#core/access/roles"
import type { approvalsApi } from "#core/contract/approvals"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { UserId, type ApprovalId, type ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as approvals from "#worker/db/approvals"
import * as members from "#worker/db/members"
import { namesOf as actorsOf } from "#worker/db/person"
import type { Env } from "#worker/env"
import { coordinatorOf } from "#worker/services/executions/find"
import { ask } from "#worker/stubs"
import { answering } from "./by-others.ts"
import { namesOf } from "./names.ts"

/** A page of the inbox. Whoever may answer nothing has none of their own. */
export async function listApprovals(
  ctx: Ctx,
  query: QueryOf<typeof approvalsApi.list>,
): Promise<ReplyOf<typeof approvalsApi.list>> {
  allow(ctx.actor, "execution.read")
  const isMine = query.mine === "true"
  const mayAnswer = can(ctx.actor, "approval.answer")
  const { rows, total } =
    isMine && !mayAnswer
      ? { rows: [], total: 0 }
      : await approvals.list(ctx.db, query, isMine ? await inboxOf(ctx) : undefined)
  return { approvals: rows, total, page_info: pageInfo(query.page, query.limit, total) }
}

/** A person's inbox is looked up by their id at once; that of a key by its owner, who must be found first. */
async function inboxOf(ctx: Ctx): Promise<approvals.Inbox> {
  const control = await ctx.control()
  const { actor, tenant } = ctx
  const named = namesOf(ctx)
  const me = actor.is === "user" ? actor.id : UserId.safeParse((await named)[0]).data
  if (me === undefined) return { names: await named, actors: [] }
  const [names, actors, isAnybodyElse] = await Promise.all([
    named,
    actorsOf(control, tenant.id, me),
    members.isAnybodyElse(control, tenant.id, me, answering, []),
  ])
  // Where nobody else could judge what they have started, they may.
  return { names, actors: isAnybodyElse ? actors : [] }
}

/** One question as it stands now, from the object that asks it. */
export async function getApproval(env: Env, ctx: Ctx, id: ExecutionId, approval: ApprovalId) {
  allow(ctx.actor, "execution.read")
  return { approval: await ask((await coordinatorOf(env, ctx, id)).approval(id, approval)) }
}
