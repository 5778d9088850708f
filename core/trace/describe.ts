import { calleeOf, type Plan } from "#core/flow/plan"
import type { Describe } from "./trace.ts"

/** What a plan knows of its nodes, and of those in flows that it calls. */
export const describedBy =
  (plan: Plan): Describe =>
  (nodeId, scope) => {
    try {
      const node = plan.body(scope).nodes.get(nodeId)
      if (!node) return undefined
      const calls = node.type === "subflow" ? calleeOf(plan.graph, node).name : undefined
      return { type: node.type, label: node.label, calls }
    } catch {
      // A name that cannot be found is no reason to lose a span.
      return undefined
    }
  }
