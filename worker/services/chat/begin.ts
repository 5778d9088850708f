import { taskOf } from "#core/chat/branch"
import { inputsOf, textOf } from "#core/chat/exchange"
import type { Actor } from "#core/access/roles"
import { done, Failure, found, refused, type Outcome } from "#core/errors"
import { ApiKeyId, UserId, type ExecutionId } from "#core/ids"
import type { Begin, TenantRef } from "#durable/chat/ports"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as crews from "#worker/db/crews"
import { faultOf } from "#worker/db/fault"
import { digestOf } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"
import { agentDefinition, crewDefinition, type Refuse } from "#worker/services/executions/definitions"
import { systemCtx } from "#worker/services/executions/follow"
import { frozenFlow } from "#worker/services/executions/frozen"
import { startAgent, startCrew } from "#worker/services/executions/start-definition"
import { startExecution } from "#worker/services/executions/start"

type Begun = { id: ExecutionId; name: string }

/** Begins the execution of an answer; the same key begins one. */
export async function beginAnswer(env: Env, tenant: TenantRef, wanted: Begin): Promise<Outcome<Begun>> {
  try {
    const ctx = { ...(await systemCtx(env, tenant)), actor: actorOf(wanted.author) }
    return done(await begin(env, ctx, wanted))
  } catch (error) {
    const failure = error instanceof Failure ? error : faultOf(error)
    if (!failure) throw error
    return refused(failure.code, failure.more)
  }
}

/** Whoever may write in a chat may have it answered, whatever else they may. */
function actorOf(author: string): Actor {
  const user = UserId.safeParse(author)
  if (user.success) return { is: "user", id: user.data, role: "executor" }
  return { is: "api_key", id: ApiKeyId.parse(author), role: "executor", scopes: ["execution.start"] }
}

const refuse: Refuse = (detail) => {
  throw new Failure("chat.partner_unfit", { detail })
}

async function begin(env: Env, ctx: Ctx, wanted: Begin): Promise<Begun> {
  const { partner, message, history, attached, key } = wanted
  const origin = settingsOf(env).PUBLIC_ORIGIN || undefined
  const how = { waitMs: 0, origin, idempotency: { key: digestOf(key), digest: digestOf(key) } }
  switch (partner.is) {
    case "agent": {
      const row = found(await agents.byId(ctx.db, partner.id), "agent.not_found")
      const agent = await agentDefinition(ctx, row, row.definition, refuse)
      const task = taskOf(message, attached === undefined ? undefined : textOf(attached))
      const { execution_id } = await startAgent(env, ctx, agent, { task, history }, how)
      return { id: execution_id, name: row.name }
    }
    case "crew": {
      const row = found(await crews.byId(ctx.db, partner.id), "crew.not_found")
      const crew = await crewDefinition(ctx, row, row.definition, {}, refuse)
      const inputs = inputsOf(crew.input_schema, message, history, attached)
      const { execution_id } = await startCrew(env, ctx, crew, inputs, how)
      return { id: execution_id, name: row.name }
    }
    case "flow": {
      const frozen = await frozenFlow(env, ctx, partner.id, undefined)
      const inputs = inputsOf(frozen.input_schema, message, history, attached)
      const { execution_id } = await startExecution(env, ctx, partner.id, { inputs, config: {} }, how)
      return { id: execution_id, name: frozen.flow.name }
    }
    default:
      return partner satisfies never
  }
}
