import type { CrewDefinition } from "#core/crew/crew"
import type { FrozenGraph } from "#core/flow/frozen"
import type { FlowNode, JsonSchema } from "#core/flow/graph"
import { agentKey } from "#core/flow/kinds/agent"
import { builtinTool } from "#core/tool/builtin/all"
import type { ToolDefinition } from "#core/tool/tool"
import type { AgentDefinition, Guardrail } from "./agent.ts"

/** A colleague whom an agent may hand work to. */
export type Delegate = { position: string; agent: AgentDefinition; max_cost_micros: number | undefined }

/** An agent where it works: in a flow by itself, or in a crew, with what the task there asks of it. */
export type AgentAtWork = {
  agent: AgentDefinition
  /** Its place in the crew; undefined outside of one. */
  position: string | undefined
  tools: readonly ToolDefinition[]
  delegates: readonly Delegate[]
  /** Delegations in the whole task, those of colleagues included. */
  max_delegations: number
  output_schema: JsonSchema | undefined
  guardrails: readonly Guardrail[]
  max_cost_micros: number | undefined
  /** Whose memory it reads and writes. */
  memory_of: string | undefined
}

/** Where a body stands: inside which crew, and how often work was handed on to come there. */
export type Place = { crew: CrewDefinition | undefined; depth: number }

/** What the node of a crew's member says beyond one that is drawn. */
export type MemberData = {
  agent_id: string
  position: string
  task: string
  expected_output?: string
  /** Tasks whose results it is given. */
  context?: string[]
  output_schema?: JsonSchema
  guardrails?: Guardrail[]
  /** What this piece of work may cost at most, beside the agent's own limit. */
  max_cost_micros?: number
}

/** Who works at a node. Throws when the frozen graph does not hold the agent. */
export function atWork(graph: FrozenGraph, { crew, depth }: Place, node: FlowNode): AgentAtWork {
  const data = node.data as Partial<MemberData>
  const agent = crew ? memberAt(crew, data.position) : graph.agents?.[agentKey(node.data as MemberData)]
  if (!agent) throw new Error(`the agent of ${node.id} is not in the frozen graph`)
  const { config } = agent
  const memory_of = config.memory ? agent.agent_id : crew?.config.memory ? crew.crew_id : undefined
  return {
    agent,
    position: data.position,
    tools: withMemory(agent.tools, memory_of !== undefined),
    delegates: crew && data.position !== undefined ? delegatesOf(crew, data.position, agent, depth) : [],
    max_delegations: crew?.config.max_delegations ?? 0,
    output_schema: data.output_schema ?? (crew ? undefined : config.output_schema),
    guardrails: [...config.guardrails, ...(data.guardrails ?? [])],
    max_cost_micros: smaller(config.limits.max_cost_micros, data.max_cost_micros),
    memory_of: memory_of ?? agent.agent_id,
  }
}

const memberAt = (crew: CrewDefinition, position: string | undefined): AgentDefinition | undefined =>
  crew.members.find((one) => one.position === position)?.agent

const smaller = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined ? other : other === undefined ? one : Math.min(one, other)

/** Who remembers has the tools for it without being granted them one by one. */
function withMemory(tools: readonly ToolDefinition[], remembers: boolean): readonly ToolDefinition[] {
  if (!remembers) return tools
  const more = (["builtin:recall", "builtin:remember"] as const).flatMap((id) => {
    const known = tools.some((one) => one.id === id) ? undefined : builtinTool(id)
    return known ? [known.definition] : []
  })
  return [...tools, ...more]
}

/** Along the crew's edges; without any, the manager may hand work to everybody, and nobody else to anybody. */
function delegatesOf(
  crew: CrewDefinition,
  from: string,
  agent: AgentDefinition,
  depth: number,
): readonly Delegate[] {
  const { delegation, manager, max_depth } = crew.config
  if (!agent.config.allow_delegation || depth >= max_depth) return []
  const others = crew.members.filter((one) => one.position !== from)
  if (delegation === undefined) {
    if (crew.collaboration_pattern !== "hierarchical" || from !== manager) return []
    return others.map((one) => ({ ...one, max_cost_micros: undefined }))
  }
  return others.flatMap((one) => {
    const edge = delegation.find((way) => way.from === from && way.to === one.position)
    return edge ? [{ ...one, max_cost_micros: edge.max_cost_micros }] : []
  })
}
