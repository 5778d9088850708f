import type { StepError } from "#core/execution/event"
import type { StepFault } from "#core/execution/retry"
import { nodeKey, type NodeState } from "#core/execution/state"
import { isCallRepeatable } from "#core/execution/steps/call"
import { isToolRepeatable } from "#core/execution/steps/deed"
import { actOf, toolOf } from "#core/agent/tool-node"
import { HttpData, mayRepeat } from "#core/flow/kinds/http"
import type { FlowNode } from "#core/flow/graph"
import type { ActiveExecution } from "./active.ts"
import type { Begin } from "./begin.ts"
import { placeOf } from "./step-result.ts"

/** A step in whose middle the server has stopped so often is what stops it. */
const mostInterruptions = 20

type Fail = (action: Omit<Begin, "do">, fault: StepFault) => void

/** Who stopped in the middle of a step: we ourselves, or what did the work for us. */
type Stopped = "server" | "sandbox"

/**
 * Steps that the journal says are running, but nobody is: the memory that ran them is gone. What may be repeated is begun again;
 * what may not waits for a person's word, for its effect cannot be known.
 */
export function interrupted(run: ActiveExecution, at: string, fail: Fail): void {
  for (const known of Object.values(run.state.nodes)) {
    if (known.status !== "running" || run.effects.has(nodeKey(known.node_id, known.scope))) continue
    cutOff(run, known, "server", at, fail)
  }
}

/** What follows for one step that was cut off in its middle. */
export function cutOff(
  run: ActiveExecution,
  known: NodeState,
  stopped: Stopped,
  at: string,
  fail: Fail,
): void {
  const node = run.plan.body(known.scope).nodes.get(known.node_id)
  // A node that holds a body is not in flight itself; what is inside is.
  if (!node || actOf(run.plan.graph, node) === "scope") return
  const place = { ...placeOf(node.id, known.scope), attempt: known.attempt }
  if (known.interruptions + 1 >= mostInterruptions) {
    const message = `The ${stopped} stopped ${mostInterruptions} times during this step.`
    const action = { node, scope: known.scope, attempt: known.attempt }
    return fail(action, { code: "step.interrupted", message, retry: false })
  }
  if (isRepeatable(run, node, known.scope)) {
    const error = errorOf(node, `The ${stopped} stopped during this attempt; it is begun again.`)
    run.emit({ type: "node.retrying", ...place, data: { error, due: at } }, at)
    return
  }
  const what = stopped === "server" ? "request" : "program"
  const error = errorOf(
    node,
    `The ${stopped} stopped while this ${what} was under way, so it is not known whether it was carried out.`,
  )
  run.emit({ type: "node.interrupted", ...place, data: { error } }, at)
}

const errorOf = (node: FlowNode, message: string): StepError => ({
  code: "step.interrupted",
  message,
  node_id: node.id,
})

function isRepeatable({ state, plan }: ActiveExecution, node: FlowNode, scope: string): boolean {
  if (node.type === "call") return isCallRepeatable(state, plan, scope)
  if (node.type === "tool") return isToolRepeatable(toolOf(plan.graph, node))
  return node.type !== "http" || mayRepeat(HttpData.parse(node.data))
}
