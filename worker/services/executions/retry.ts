import { Failure } from "#core/errors"
import { isRetryable } from "#core/execution/status"
import { carryOver, unfinished } from "#core/execution/carry-over"
import { stateFrom } from "#core/execution/state"
import type { FrozenGraph } from "#core/flow/graph"
import { planOf } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { coordinatorOf } from "./find.ts"
import { begin } from "./start.ts"

/** Starts a new execution with the frozen version and the inputs of one that did not succeed. */
export async function retryExecution(env: Env, ctx: Ctx, id: ExecutionId, from: "start" | "failed_step") {
  allow(ctx.actor, "execution.start")
  const recalled = await ask((await coordinatorOf(env, ctx, id)).recall(id))
  const { status, graph, flow, definition, state: text, ...rest } = recalled
  if (!isRetryable(status))
    throw new Failure("execution.not_retryable", {
      detail: `This execution is ${status}. Only one that failed, timed out or was cancelled can be retried.`,
    })
  const state = stateFrom(text)
  const frozen = { flow: { ...flow, id: flow.id }, definition, graph, followed: state.followed }
  const seed =
    from === "failed_step"
      ? carryOver(state, planOf(JSON.parse(graph) as FrozenGraph), unfinished)
      : undefined
  const { concurrency_key, origin, depth } = state
  const started = await begin(env, ctx, frozen, {
    ...rest,
    concurrency_key,
    origin,
    depth,
    seed,
    retry_of: id,
    waitMs: 0,
  })
  return { execution_id: started.execution_id, status: started.status, retry_of: id }
}
