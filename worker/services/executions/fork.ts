import type { debuggingApi } from "#core/contract/debugging"
import type { BodyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { before, carryOver, given } from "#core/execution/carry-over"
import type { ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { sourceOf } from "./source.ts"
import { begin } from "./start.ts"

/** Starts a new execution that has what another came to before a step, and goes its own way from there. */
export async function forkExecution(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  { from_step, data }: BodyOf<typeof debuggingApi.fork>,
) {
  allow(ctx.actor, "execution.start")
  const { state, plan, frozen, again } = await sourceOf(env, ctx, id)
  const step = found(state.nodes[from_step], "execution.step_not_found")
  const seed = [
    ...carryOver(state, plan, before(plan, step)),
    ...(data === undefined ? [] : given(plan, step, data)),
  ]
  const { execution_id, status } = await begin(env, ctx, frozen, { ...again, seed, fork_of: id })
  return { execution_id, status, fork_of: id }
}
