import { carryOver, missingBefore } from "#core/execution/carry-over"
import { stateFrom, type NodeState } from "#core/execution/state"
import type { NewEvent } from "#core/execution/event"
import { Failure } from "#core/errors"
import type { executionsApi } from "#core/contract/executions"
import type { BodyOf } from "#core/contract/endpoint"
import type { FrozenGraph } from "#core/flow/graph"
import { after, planOf } from "#core/flow/plan"
import type { JsonObject } from "#core/json"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { coordinatorOf } from "./find.ts"
import type { Frozen } from "./frozen.ts"

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
      throw new Failure("request.invalid", {
        errors: [{ path, message: `The flow has no step ${id} at its own level that the input leads to.` }],
      })
    }
  }
  if (start_from === undefined && data_from === undefined) return undefined
  const before =
    data_from === undefined
      ? undefined
      : stateFrom((await ask((await coordinatorOf(env, ctx, data_from)).recall(data_from))).state)
  if (start_from === undefined) return { seed: [], inputs: before?.inputs }
  const anew = after(plan.root, start_from)
  const missing = missingBefore(plan, before, start_from, pinned)
  if (missing.length > 0) {
    throw new Failure("execution.missing_data", {
      detail: `These steps come before it and have no results: ${missing.slice(0, 10).join(", ")}. Pin them, or execute the flow once.`,
      errors: missing
        .slice(0, 50)
        .map((id) => ({ path: `config.pinned.${id}`, message: "No result is known." })),
    })
  }
  const kept = {
    node: ({ node_id, scope }: NodeState) =>
      scope === "" && !anew.has(node_id) && !Object.hasOwn(pinned, node_id) ? "whole" : "none",
    scope: () => true,
  } as const
  const seed = before ? carryOver(before, plan, kept) : []
  return { seed, inputs: before?.inputs }
}
