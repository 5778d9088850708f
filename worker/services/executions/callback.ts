import { Failure, found } from "#core/errors"
import { nodeKey } from "#core/execution/state"
import type { ExecutionId } from "#core/ids"
import type { Json } from "#core/json"
import { allow, type Ctx, type PublicCtx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { addressToken } from "./addresses.ts"
import { coordinatorOf } from "./find.ts"
import { pointedAt } from "./pointed-at.ts"

/** Hands what somebody outside says to the step that waits for it, or will. */
export async function takeCallback(env: Env, ctx: PublicCtx, id: ExecutionId, token: string, body: Json) {
  const { address, lane } = await pointedAt(env, ctx, token, "callback")
  if (address.e !== id) throw new Failure("callback.invalid")
  const { status } = await ask(lane.callback(id, address.k, body))
  return { execution_id: id, status }
}

/** The address of a step that waits to be called: the same one that expressions give to the outside. */
export async function callbackAddress(
  env: Env,
  ctx: Ctx,
  origin: string,
  id: ExecutionId,
  step: string,
): Promise<{ url: string }> {
  allow(ctx.actor, "execution.start")
  const { nodes } = await ask((await coordinatorOf(env, ctx, id)).get(id))
  const node = found(
    nodes.find((one) => nodeKey(one.node_id, one.scope) === step),
    "execution.step_not_found",
  )
  if (node.waiting_for !== "callback") throw new Failure("callback.used")
  const token = addressToken(env, { p: "callback", t: ctx.tenant.id, e: id, k: step })
  return { url: `${origin}/api/v1/executions/${id}/callbacks/${token}` }
}
