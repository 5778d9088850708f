import { Failure } from "#core/errors"
import { isRetryable } from "#core/execution/status"
import { carryOver, unfinished } from "#core/execution/carry-over"
import type { ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { sourceOf } from "./source.ts"
import { begin } from "./start.ts"

/** Starts a new execution with the frozen version and the inputs of one that did not succeed. */
export async function retryExecution(env: Env, ctx: Ctx, id: ExecutionId, from: "start" | "failed_step") {
  allow(ctx.actor, "execution.start")
  const { status, state, plan, frozen, again } = await sourceOf(env, ctx, id)
  if (!isRetryable(status))
    throw new Failure("execution.not_retryable", {
      detail: `This execution is ${status}. Only one that failed, timed out or was cancelled can be retried.`,
    })
  // Its steps sent nothing; begun anew as an execution of its own, they would.
  if (state.replay_of !== undefined)
    throw new Failure("execution.not_retryable", {
      detail: "This execution is a replay. Replay the execution that it replays once more.",
    })
  const seed = from === "failed_step" ? carryOver(state, plan, unfinished) : undefined
  const { execution_id, status: now } = await begin(env, ctx, frozen, { ...again, seed, retry_of: id })
  return { execution_id, status: now, retry_of: id }
}
