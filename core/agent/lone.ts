import type { FrozenGraph } from "#core/flow/frozen"
import type { FlowNode } from "#core/flow/graph"
import { agentKey } from "#core/flow/kinds/agent"
import type { JsonObject } from "#core/json"
import type { AgentDefinition } from "./agent.ts"

/** What an agent by itself is given: a task, and what was said before it. */
export type LoneAgentInput = {
  task: string
  history?: { role: "user" | "assistant"; content: string }[]
}

const node = (id: string, type: string, x: number, data: JsonObject = {}): FlowNode => ({
  id,
  type,
  position: { x, y: 0 },
  data,
})

/** A flow that is one node, between its input and its output. */
export const around = (held: FlowNode): Pick<FrozenGraph, "nodes" | "edges" | "settings"> => ({
  nodes: [node("input", "input", 0), held, node("output", "output", 560)],
  edges: [
    { id: "input-held", source: "input", target: held.id },
    { id: "held-output", source: held.id, target: "output" },
  ],
  settings: {},
})

/** The flow that an agent by itself amounts to. */
export const lone = (agent: AgentDefinition): FrozenGraph => {
  const data = { agent_id: agent.agent_id, task: "{{ input.task }}", history: "input.history" }
  return {
    ...around({ ...node("agent", "agent", 280, data), label: agent.name }),
    agents: { [agentKey(data)]: agent },
  }
}
