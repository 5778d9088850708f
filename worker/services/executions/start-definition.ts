import type { AgentDefinition } from "#core/agent/agent"
import { lone, type LoneAgentInput } from "#core/agent/lone"
import type { CrewDefinition } from "#core/crew/crew"
import { loneCrew } from "#core/crew/lone"
import type { FrozenGraph } from "#core/flow/frozen"
import type { ToolId } from "#core/ids"
import type { Json, JsonObject } from "#core/json"
import { loneTool } from "#core/tool/lone"
import type { ToolDefinition } from "#core/tool/tool"
import type { Ctx } from "#worker/context"
import { unveiled } from "#worker/db/shares"
import { digestOf } from "#worker/digest"
import type { Env } from "#worker/env"
import { assertReach } from "#worker/services/shares/reach"
import type { StartOptions } from "./beginning.ts"
import { withinSize } from "./frozen.ts"
import { namedOnly, pinsOfTools, toolsOf } from "./pins.ts"
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
  start(
    env,
    ctx,
    { id: agent.agent_id, name: agent.name, version: agent.version },
    { graph: lone(agent), tools: agent.tools, code: "agent.not_ready" },
    input,
    more,
  )

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
    { graph: loneCrew(crew), tools: toolsOf(crew), code: "crew.not_ready" },
    { input },
    more,
  )

/** Calls a tool once: an execution whose flow is the tool alone, named by its id. */
export const startTool = (
  env: Env,
  ctx: Ctx,
  tool: ToolDefinition & { id: ToolId; version?: number },
  input: JsonObject,
  more: DefinitionOptions = {},
) =>
  start(
    env,
    ctx,
    { id: tool.id, name: tool.name, version: tool.version ?? 1 },
    { graph: loneTool(tool), tools: [tool], code: "tool.not_ready" },
    input,
    more,
  )

/** What is executed, and whose tools may be flows. */
type Alone = { graph: FrozenGraph; tools: readonly ToolDefinition[]; code: Parameters<typeof pinsOfTools>[3] }

type Named = { id: string; name: string; version: number }

async function start(
  env: Env,
  ctx: Ctx,
  flow: Named,
  { graph, tools, code }: Alone,
  inputs: JsonObject,
  { timeout_ms = usualTimeoutMs, waitMs = 0, ...options }: DefinitionOptions,
) {
  await assertReach(ctx, flow.id, "execution.start")
  const {
    callees,
    agents,
    crews,
    tools: called,
  } = await pinsOfTools({ ...ctx, db: unveiled(ctx.db) }, flow, tools, code)
  const pins = {
    callees,
    agents: { ...agents, ...graph.agents },
    crews: { ...crews, ...graph.crews },
    tools: { ...called, ...graph.tools },
  }
  const text = withinSize(JSON.stringify({ ...graph, ...namedOnly(pins) }))
  const pinned = { flow, definition: digestOf(text), graph: text, followed: false }
  return begin(env, ctx, pinned, { inputs, timeout_ms, waitMs, ...options })
}
