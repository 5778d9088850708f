import { nodeKey } from "#core/execution/state"
import type { FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import type { ActiveExecution } from "./active.ts"
import type { StepDeps } from "./step-deps.ts"

const known = new WeakMap<FlowNode, boolean>()

/** Nodes belong to a plan that is kept, so each is read once. */
function speaksOfAddresses(node: FlowNode): boolean {
  const before = known.get(node)
  if (before !== undefined) return before
  const speaks = /execution\s*\.\s*(callbacks|approvals)/.test(JSON.stringify(node.data))
  known.set(node, speaks)
  return speaks
}

/**
 * The addresses by which the outside reaches the waits and approvals beside a node, for expressions:
 * `execution.callbacks.<wait>` and `execution.approvals.<approval>`. Made only for a step that speaks of them.
 */
export async function addressesFor(
  { ports, tenant }: Pick<StepDeps, "ports" | "tenant">,
  run: ActiveExecution,
  node: FlowNode,
  scope: string,
): Promise<JsonObject | undefined> {
  if (!speaksOfAddresses(node)) return undefined
  const origin = run.state.origin ?? ""
  const callbacks: JsonObject = {}
  const approvals: JsonObject = {}
  for (const one of run.plan.body(scope).order) {
    const key = nodeKey(one.id, scope)
    if (one.type === "wait" && one.data["callback"] === true) {
      const token = await ports.addressToken("callback", tenant(), run.id, key)
      callbacks[one.id] = `${origin}/api/v1/executions/${run.id}/callbacks/${token}`
    }
    if (one.type === "approval") {
      const token = await ports.addressToken("approval", tenant(), run.id, key)
      approvals[one.id] = `${origin}/approve/${token}`
    }
  }
  return { callbacks, approvals }
}
