import { actorId } from "#core/access/roles"
import type { ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { coordinatorOf } from "./find.ts"

/** Cancels an execution; answers when everything that was in flight has ended. */
export async function cancelExecution(env: Env, ctx: Ctx, id: ExecutionId) {
  allow(ctx.actor, "execution.cancel")
  const summary = await ask((await coordinatorOf(env, ctx, id)).cancel(id, actorId(ctx.actor)))
  return { execution_id: id, status: summary.status }
}
