import type { debuggingApi } from "#core/contract/debugging"
import type { ReplyOf } from "#core/contract/endpoint"
import { compare } from "#core/execution/compare"
import type { ExecutionId } from "#core/ids"
import type { ExecutionPage } from "#durable/execution/messages"
import { allow, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { coordinatorOf } from "./find.ts"

/** Two executions side by side, step by step. */
export async function compareExecutions(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  other: ExecutionId,
): Promise<ReplyOf<typeof debuggingApi.diff>> {
  allow(ctx.actor, "execution.read")
  const read = async (one: ExecutionId): Promise<ExecutionPage> =>
    ask((await coordinatorOf(env, ctx, one)).get(one))
  const [left, right] = await Promise.all([read(id), read(other)])
  const { graph: _, ...one } = left.execution
  const { graph: __, ...two } = right.execution
  return { left: one, right: two, ...compare({ ...one, nodes: left.nodes }, { ...two, nodes: right.nodes }) }
}
