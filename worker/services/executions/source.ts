import { stateFrom, type ExecutionState } from "#core/execution/state"
import type { ExecutionStatus } from "#core/execution/status"
import type { FrozenGraph } from "#core/flow/frozen"
import { planOf, type Plan } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { coordinatorOf } from "./find.ts"
import type { Beginning, Pinned } from "./beginning.ts"

/** An execution that another begins from. */
export type Source = {
  id: ExecutionId
  status: ExecutionStatus
  state: ExecutionState
  plan: Plan
  /** The graph that it executes, to be executed again. */
  frozen: Pinned
  /** What a new execution has in common with it. */
  again: Beginning
}

/** Recalls an execution of the tenant's, so that another can begin from it. */
export async function sourceOf(env: Env, ctx: Ctx, id: ExecutionId): Promise<Source> {
  const recalled = await ask((await coordinatorOf(env, ctx, id)).recall(id))
  const { flow, definition, graph, status, inputs, timeout_ms, pinned } = recalled
  const state = stateFrom(recalled.state)
  const { stop_after, concurrency_key, origin, depth, followed } = state
  return {
    id,
    status,
    state,
    plan: planOf(JSON.parse(graph) as FrozenGraph),
    frozen: { flow, definition, graph, followed },
    again: { inputs, timeout_ms, pinned, stop_after, concurrency_key, origin, depth, waitMs: 0 },
  }
}
