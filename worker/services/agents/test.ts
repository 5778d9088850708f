import type { agentsApi } from "#core/contract/agents"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import type { AgentId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import type { Env } from "#worker/env"
import { agentDefinition } from "#worker/services/executions/definitions"
import { startAgent, type DefinitionOptions } from "#worker/services/executions/start-definition"
import { assertWorkable } from "./references.ts"

/** Gives an agent a task: as it is, or as a draft would have it. */
export async function testAgent(
  env: Env,
  ctx: Ctx,
  id: AgentId,
  { task, draft }: BodyOf<typeof agentsApi.test>,
  options: DefinitionOptions,
): Promise<ReplyOf<typeof agentsApi.test>> {
  allow(ctx.actor, "execution.start")
  const row = found(await agents.byId(ctx.db, id), "agent.not_found")
  if (draft) {
    // Whoever may only start executions may not write what is executed.
    allow(ctx.actor, "agent.edit")
    await assertWorkable(ctx, draft)
  }
  const definition = await agentDefinition(ctx, row, draft ?? row.definition, refuse)
  const { execution_id, status } = await startAgent(env, ctx, definition, { task }, options)
  return { execution_id, status }
}

function refuse(message: string): never {
  throw new Failure("agent.not_ready", { detail: message })
}
