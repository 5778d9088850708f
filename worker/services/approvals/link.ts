import type { approvalsApi } from "#core/contract/approvals"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { nodeKey } from "#core/execution/state"
import type { ApprovalId, ExecutionId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { addressToken } from "#worker/services/executions/addresses"
import { coordinatorOf } from "#worker/services/executions/find"
import { ask } from "#worker/stubs"
import { namesOf } from "./names.ts"

/** Makes a link by which anybody may answer an open question once: only who may answer it may hand that on. */
export async function makeLink(
  env: Env,
  ctx: Ctx,
  origin: string,
  id: ExecutionId,
  approvalId: ApprovalId,
  body: BodyOf<typeof approvalsApi.link>,
): Promise<{ url: string; expires_at: string }> {
  allow(ctx.actor, "approval.answer")
  const asked = await ask((await coordinatorOf(env, ctx, id)).approval(id, approvalId))
  if (asked.status === "answered") throw new Failure("approval.answered")
  if (asked.status !== "open") throw new Failure("approval.closed")
  const names = await namesOf(ctx)
  if (asked.assignees.length > 0 && !asked.assignees.some((one) => names.includes(one)))
    throw new Failure("approval.not_assigned")
  if (asked.by_others)
    throw new Failure("approval.by_others", {
      detail:
        "Nobody can tell who answers by a link, so this question has none. Others find it among the approvals.",
    })
  const expires = ctx.now + body.expires_in_seconds * 1000
  const key = nodeKey(asked.node_id, asked.scope)
  const token = addressToken(env, { p: "approval", t: ctx.tenant.id, e: id, k: key, a: asked.id, x: expires })
  const expires_at = isoTime(expires)
  return commit(
    ctx,
    { url: `${origin}/approve/${token}`, expires_at },
    audit(ctx, "approval.link", { target: asked.id, after: { execution_id: id, expires_at } }, true),
  )
}
