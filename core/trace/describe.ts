import { scopePath } from "#core/execution/state"
import type { FlowNode } from "#core/flow/graph"
import { flowOfTool } from "#core/agent/questions"
import { calleeOf, crewOf, type Body, type Plan } from "#core/flow/plan"
import type { Describe } from "./trace.ts"

/** What a plan knows of its nodes, and of those in flows, crews and agents that it calls. */
export const describedBy =
  (plan: Plan): Describe =>
  (nodeId, scope) => {
    try {
      const body = plan.body(scope)
      const node = body.nodes.get(nodeId)
      if (!node) return undefined
      const { type, label } = node
      if (type === "subflow" || type === "flow")
        return { type, label, calls: calleeOf(plan.graph, node).name, tool_id: toolIn(body, node) }
      if (type === "crew") return { type, label, calls: crewOf(plan.graph, node).name }
      if (type !== "agent") return { type, label }
      const agent = plan.body(scopePath(node.id, scope, 0)).work?.agent
      return { type, label, ...(agent ? { agent: { id: agent.agent_id, name: agent.name } } : {}) }
    } catch {
      // A name that cannot be found is no reason to lose a span.
      return undefined
    }
  }

/** The tool for which a node calls a flow: that of the node around it, or one of an agent's. */
const toolIn = ({ tool, work }: Body, { id, type }: FlowNode): string | undefined =>
  type === "flow" ? (tool ?? work?.tools.find((one) => flowOfTool(one.name) === id))?.id : undefined
