import type { debuggingApi } from "#core/contract/debugging"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { NodeState } from "#core/execution/state"
import { kindOf } from "#core/flow/kinds"
import { FlowId, type ExecutionId } from "#core/ids"
import type { Recorded } from "#durable/execution/messages"
import { allow, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { frozenFlow } from "./frozen.ts"
import { sourceOf, type Source } from "./source.ts"
import { begin, fitting, turnKeyOf } from "./start.ts"

/** Executes it again with what models, addresses and people said then, with the same version of the flow or another. */
export async function replayExecution(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  { version }: BodyOf<typeof debuggingApi.replay>,
) {
  allow(ctx.actor, "execution.start")
  const source = await sourceOf(env, ctx, id)
  const { frozen, again } = version === undefined ? source : await otherVersion(env, ctx, source, version)
  const { execution_id, status } = await begin(
    env,
    ctx,
    // Whoever follows the flow would act on what has not happened.
    { ...frozen, followed: false },
    { ...again, recorded: recordingsOf(source), replay_of: id },
  )
  return { execution_id, status, replay_of: id }
}

async function otherVersion(
  env: Env,
  ctx: Ctx,
  { frozen: { flow }, again }: Source,
  version: number | "draft",
): Promise<Pick<Source, "frozen" | "again">> {
  const frozen = await frozenFlow(env, ctx, FlowId.parse(flow.id), version)
  const inputs = fitting(frozen, again.inputs)
  const { timeout_ms } = frozen
  const concurrency_key = await turnKeyOf(frozen, inputs)
  return { frozen, again: { ...again, inputs, timeout_ms, concurrency_key } }
}

const mostRecorded = 16_777_216

/** What the steps that act on the outside came to, by their keys. An attempt that was repeated counts by how it ended. */
function recordingsOf({ state, plan }: Source): Record<string, Recorded> {
  const recorded: Record<string, Recorded> = {}
  let size = 0
  for (const [key, node] of Object.entries(state.nodes)) {
    const drawn = plan.body(node.scope).nodes.get(node.node_id)
    const result = drawn && acting.has(kindOf(drawn.type)?.act) ? resultOf(node) : undefined
    if (!result) continue
    recorded[key] = result
    size += JSON.stringify(result).length
    if (size > mostRecorded)
      throw new Failure("execution.too_large", {
        detail: "The answers that this execution had are together larger than 16 MB: too large to replay.",
      })
  }
  return recorded
}

const acting: ReadonlySet<string | undefined> = new Set([
  "model",
  "http",
  "tool",
  "program",
  "wait",
  "approval",
])

function resultOf({ status, output, handles, error }: NodeState): Recorded | undefined {
  if (status === "succeeded") return { output: output ?? null, handles: [...handles] }
  return status === "failed" && error ? { error } : undefined
}
