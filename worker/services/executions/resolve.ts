import type { debuggingApi } from "#core/contract/debugging"
import type { BodyOf } from "#core/contract/endpoint"
import type { ExecutionId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { coordinatorOf } from "./find.ts"

/** Says what becomes of a step that was in flight when the server stopped. */
export async function resolveStep(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  body: BodyOf<typeof debuggingApi.resolve>,
) {
  allow(ctx.actor, "execution.start")
  const { status } = await ask((await coordinatorOf(env, ctx, id)).resolve(id, body))
  const { step, action } = body
  return commit(
    ctx,
    { execution_id: id, status },
    audit(ctx, "execution.resolve", { target: id, after: { step, action } }, true),
  )
}
