import { carryOver, missingBefore, routeTo } from "#core/execution/carry-over"
import type { ExecutionState, NodeState } from "#core/execution/state"
import type { NewEvent } from "#core/execution/event"
import { Failure } from "#core/errors"
import type { executionsApi } from "#core/contract/executions"
import type { BodyOf } from "#core/contract/endpoint"
import type { FrozenGraph } from "#core/flow/frozen"
import { after, planOf } from "#core/flow/plan"
import type { JsonObject } from "#core/json"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import type { Frozen } from "./frozen.ts"
import { sourceOf } from "./source.ts"

type Config = BodyOf<typeof executionsApi.execute>["config"]

/** What an execution of a part of a flow begins with: results of another execution, and its inputs. Undefined for a whole one. */
export async function partOf(
  env: Env,
  ctx: Ctx,
  frozen: Frozen,
  { start_from, stop_after, data_from, pinned = {} }: Config,
): Promise<{ seed: NewEvent[]; inputs: JsonObject | undefined } | undefined> {
  const plan = planOf(JSON.parse(frozen.graph) as FrozenGraph)
  for (const [path, id] of [
    ["config.start_from", start_from],
    ["config.stop_after", stop_after],
  ] as const) {
    if (id !== undefined && !plan.root.nodes.has(id)) {
      throw invalid(path, `The flow has no step ${id} at its own level that the input leads to.`)
    }
  }
  if (start_from === undefined && data_from === undefined) return undefined
  const before = data_from === undefined ? undefined : await resultsOf(env, ctx, frozen, data_from)
  if (start_from === undefined) return { seed: [], inputs: before?.inputs }
  const missing = missingBefore(plan, before, start_from, pinned)
  if (missing.length > 0) {
    throw new Failure("execution.missing_data", {
      detail: `These steps come before it and have no results: ${missing.slice(0, 10).join(", ")}. Pin them, or execute the flow once.`,
      errors: missing
        .slice(0, 50)
        .map((id) => ({ path: `config.pinned.${id}`, message: "No result is known." })),
    })
  }
  if (!routeTo(plan, before, start_from, pinned)) {
    throw new Failure("execution.missing_data", {
      detail: `That execution took another route, so nothing arrives at ${start_from}. Pin the step before it, or choose another execution.`,
    })
  }
  const anew = after(plan.root, start_from)
  const kept = {
    node: ({ node_id, scope }: NodeState) =>
      scope === "" && !anew.has(node_id) && !Object.hasOwn(pinned, node_id) ? "whole" : "none",
    scope: () => true,
  } as const
  const seed = before ? carryOver(before, plan, kept) : []
  return { seed, inputs: before?.inputs }
}

/** How far an execution of the same flow came; of this version of it or another. */
async function resultsOf(
  env: Env,
  ctx: Ctx,
  { flow }: Frozen,
  id: NonNullable<Config["data_from"]>,
): Promise<ExecutionState> {
  const { state } = await sourceOf(env, ctx, id)
  if (state.flow_id === flow.id) return state
  throw invalid("config.data_from", `This is an execution of another flow: ${state.flow_name}.`)
}

const invalid = (path: string, message: string): Failure =>
  new Failure("request.invalid", { errors: [{ path, message }] })
