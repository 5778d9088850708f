import type { AgentDefinition } from "#core/agent/agent"
import { lone, type LoneAgentInput } from "#core/agent/lone"
import type { CrewDefinition } from "#core/crew/crew"
import { loneCrew } from "#core/crew/lone"
import type { FrozenGraph } from "#core/flow/frozen"
import type { Json, JsonObject } from "#core/json"
import { allow, type Ctx } from "#worker/context"
import { digestOf } from "#worker/digest"
import type { Env } from "#worker/env"
import type { StartOptions } from "./beginning.ts"
import { withinSize } from "./frozen.ts"
import { begin } from "./start.ts"

const usualTimeoutMs = 3_600_000

/** How an execution of an agent or a crew is begun. */
export type DefinitionOptions = Partial<StartOptions> & { timeout_ms?: number }

/** Gives one agent a task: an execution whose flow is the agent alone, named by its id. */
export const startAgent = (
  env: Env,
  ctx: Ctx,
  agent: AgentDefinition,
  input: LoneAgentInput,
  more: DefinitionOptions = {},
) =>
  start(env, ctx, { id: agent.agent_id, name: agent.name, version: agent.version }, lone(agent), input, more)

/** Gives a crew its input: an execution whose flow is the crew alone, named by its id. */
export const startCrew = (
  env: Env,
  ctx: Ctx,
  crew: CrewDefinition,
  input: Json,
  more: DefinitionOptions = {},
) =>
  start(
    env,
    ctx,
    { id: crew.crew_id, name: crew.name, version: crew.version },
    loneCrew(crew),
    { input },
    more,
  )

type Named = { id: string; name: string; version: number }

async function start(
  env: Env,
  ctx: Ctx,
  flow: Named,
  graph: FrozenGraph,
  inputs: JsonObject,
  { timeout_ms = usualTimeoutMs, waitMs = 0, ...options }: DefinitionOptions,
) {
  allow(ctx.actor, "execution.start")
  const text = withinSize(JSON.stringify(graph))
  const pinned = { flow, definition: digestOf(text), graph: text, followed: false }
  return begin(env, ctx, pinned, { inputs, timeout_ms, waitMs, ...options })
}
