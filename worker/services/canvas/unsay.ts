import { actorId, can } from "#core/access/roles"
import type { canvasApi } from "#core/contract/canvas"
import type { ParamsOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import type { Env } from "#worker/env"
import { ask, canvasStub } from "#worker/stubs"
import { refOf } from "./ref.ts"

/** Takes a comment away: one's own, or anybody's for those who may moderate. */
export async function unsayComment(
  env: Env,
  ctx: Ctx,
  { flow_id, thread_id, comment_id }: ParamsOf<typeof canvasApi.unsay>,
): Promise<void> {
  allow(ctx.actor, "flow.edit")
  found(await flows.exists(ctx.db, flow_id), "flow.not_found")
  const by = can(ctx.actor, "flow.moderate") ? undefined : actorId(ctx.actor)
  const canvas = canvasStub(env, ctx.tenant.id, flow_id)
  const { comment } = await ask(canvas.unsay(refOf(ctx, flow_id), thread_id, comment_id, by))
  const before = { thread: thread_id, comment: comment.id, by: comment.by }
  await commit(ctx, undefined, audit(ctx, "flow.unsay", { target: flow_id, before }, true))
}
