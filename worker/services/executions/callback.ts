import { Failure } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import type { Json } from "#core/json"
import type { PublicCtx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { pointedAt } from "./pointed-at.ts"

/** Hands what somebody outside says to the step that waits for it, or will. */
export async function takeCallback(env: Env, ctx: PublicCtx, id: ExecutionId, token: string, body: Json) {
  const { address, lane } = await pointedAt(env, ctx, token, "callback")
  if (address.e !== id) throw new Failure("callback.invalid")
  const { status } = await ask(lane.callback(id, address.k, body))
  return { execution_id: id, status }
}
