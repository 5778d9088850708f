import { can } from "#core/access/roles"
import type { approvalsApi } from "#core/contract/approvals"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { ApprovalId, ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as approvals from "#worker/db/approvals"
import type { Env } from "#worker/env"
import { coordinatorOf } from "#worker/services/executions/find"
import { ask } from "#worker/stubs"
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
      : await approvals.list(ctx.db, query, isMine ? await namesOf(ctx) : [])
  return { approvals: rows, total, page_info: pageInfo(query.page, query.limit, total) }
}

/** One question as it stands now, from the object that asks it. */
export async function getApproval(env: Env, ctx: Ctx, id: ExecutionId, approval: ApprovalId) {
  allow(ctx.actor, "execution.read")
  return { approval: await ask((await coordinatorOf(env, ctx, id)).approval(id, approval)) }
}
