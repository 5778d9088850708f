import type { AgentDefinition } from "#core/agent/agent"
import type { CrewDefinition } from "#core/crew/crew"
import { Failure } from "#core/errors"
import type { FlowGraph } from "#core/flow/graph"
import { AgentData, agentKey } from "#core/flow/kinds/agent"
import { CrewData, crewKey } from "#core/flow/kinds/crew"
import type { Ctx } from "#worker/context"
import * as crews from "#worker/db/crews"
import { crewDefinition, storedAgent, type Refuse } from "./definitions.ts"

/** Agents and crews that one execution names; each is frozen whole. */
const mostNamed = 50

type Named = { agents: Record<string, AgentDefinition>; crews: Record<string, CrewDefinition> }

/** Every agent and crew that graphs name, as they are now: what an execution is pinned to beside its flows. */
export async function agentsOf(ctx: Ctx, graphs: readonly FlowGraph[]): Promise<Named> {
  const found: Named = { agents: {}, crews: {} }
  for (const node of graphs.flatMap((graph) => graph.nodes)) {
    if (node.type !== "agent" && node.type !== "crew") continue
    const refuse = refusing(`${node.id}.${node.type}_id`)
    if (node.type === "agent") {
      const data = AgentData.parse(node.data)
      found.agents[agentKey(data)] ??= await storedAgent(ctx, data.agent_id, data.overrides, refuse)
    } else {
      const data = CrewData.parse(node.data)
      found.crews[crewKey(data)] ??= await storedCrew(ctx, data, refuse)
    }
    if (Object.keys(found.agents).length + Object.keys(found.crews).length > mostNamed)
      refuse(`A flow names ${mostNamed} agents and crews at most.`)
  }
  return found
}

async function storedCrew(
  ctx: Ctx,
  { crew_id, overrides = {} }: CrewData,
  refuse: Refuse,
): Promise<CrewDefinition> {
  const row = (await crews.byId(ctx.db, crew_id)) ?? refuse("The crew does not exist.")
  return crewDefinition(ctx, row, row.definition, overrides, refuse)
}

const refusing =
  (path: string): Refuse =>
  (message) => {
    throw new Failure("flow.invalid", {
      detail: `The flow cannot be executed: ${message}`,
      errors: [{ path, message }],
    })
  }
