import { scopePath } from "#core/execution/state"
import { calleeOf, crewOf, type Plan } from "#core/flow/plan"
import type { Describe } from "./trace.ts"

/** What a plan knows of its nodes, and of those in flows, crews and agents that it calls. */
export const describedBy =
  (plan: Plan): Describe =>
  (nodeId, scope) => {
    try {
      const node = plan.body(scope).nodes.get(nodeId)
      if (!node) return undefined
      const { type, label } = node
      if (type === "subflow" || type === "flow")
        return { type, label, calls: calleeOf(plan.graph, node).name }
      if (type === "crew") return { type, label, calls: crewOf(plan.graph, node).name }
      if (type !== "agent") return { type, label }
      const agent = plan.body(scopePath(node.id, scope, 0)).work?.agent
      return { type, label, ...(agent ? { agent: { id: agent.agent_id, name: agent.name } } : {}) }
    } catch {
      // A name that cannot be found is no reason to lose a span.
      return undefined
    }
  }
