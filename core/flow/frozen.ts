import type { AgentDefinition } from "#core/agent/agent"
import type { CrewDefinition } from "#core/crew/crew"
import type { Callee, FlowGraph } from "./graph.ts"

/**
 * A graph with every flow, agent, crew and tool that it names, directly or by others, as they were when the execution began: what it is
 * pinned to. Agents and crews by `agentKey` and `crewKey`.
 */
export type FrozenGraph = FlowGraph & {
  callees?: Record<string, Callee>
  agents?: Record<string, AgentDefinition>
  crews?: Record<string, CrewDefinition>
  /** By id; those that every installation has are not kept. */
  tools?: Record<string, AgentDefinition["tools"][number]>
}
