import type { FlowNode } from "#core/flow/graph"
import { MapData } from "#core/flow/kinds/map"
import { turnOf } from "#core/agent/turn"
import type { Json } from "#core/json"
import type { StepError } from "./event.ts"
import { scopePath, type ExecutionState, type NodeState } from "./state.ts"

/** What a node that holds a body asks for while it is under way. */
export type BodyAction =
  /** Begin an iteration, an agent's turn, or the called flow. */
  | { do: "open"; node: FlowNode; scope: string; index: number | undefined }
  /** Ask a loop's conditions whether there is an iteration of this number. */
  | { do: "iterate"; node: FlowNode; scope: string; index: number }
  | { do: "finish"; node: FlowNode; scope: string; attempt: number; output: Json }
  | { do: "break"; node: FlowNode; scope: string; attempt: number; error: StepError }

/** The next actions of a node that holds a body and is running. */
export function bodyAction(
  state: ExecutionState,
  node: FlowNode,
  known: NodeState,
  now: number,
): BodyAction[] {
  const { scope, attempt, deadline, progress } = known
  if (deadline !== undefined && Date.parse(deadline) <= now) {
    const error = { code: "step.timeout", message: "The step took longer than its time limit." }
    return [{ do: "break", node, scope, attempt, error }]
  }
  if (node.type === "map") return mapActions(state, node, known)
  if (progress?.error) return [{ do: "break", node, scope, attempt, error: progress.error }]
  const { opened, closed, failed, last } = progress ?? { opened: 0, closed: 0, failed: 0, last: undefined }
  if (opened > closed) return []
  if (node.type === "loop") {
    // What failed in an earlier attempt is begun anew, with the state that it had.
    if (failed > 0) return [{ do: "open", node, scope, index: opened - 1 }]
    return [{ do: "iterate", node, scope, index: opened }]
  }
  if (node.type === "agent") {
    const answer = failed > 0 ? undefined : turnOf(last).answer
    if (answer !== undefined) return [{ do: "finish", node, scope, attempt, output: answer }]
    return [{ do: "open", node, scope, index: failed > 0 ? opened - 1 : opened }]
  }
  if (opened === 0 || failed > 0) return [{ do: "open", node, scope, index: undefined }]
  return [{ do: "finish", node, scope, attempt, output: last ?? null }]
}

function mapActions(state: ExecutionState, node: FlowNode, known: NodeState): BodyAction[] {
  const { scope, attempt, progress } = known
  const { concurrency, on_item_error } = MapData.pick({ concurrency: true, on_item_error: true }).parse({
    concurrency: node.data["concurrency"],
    on_item_error: node.data["on_item_error"],
  })
  if (!progress) return []
  if (on_item_error === "fail" && progress.error) {
    return [{ do: "break", node, scope, attempt, error: progress.error }]
  }
  const total = progress.total ?? 0
  const actions: BodyAction[] = []
  let free = concurrency - (progress.opened - progress.closed)
  for (const index of failedBefore(state, node, known)) {
    if (free-- <= 0) return actions
    actions.push({ do: "open", node, scope, index })
  }
  for (let index = progress.opened; index < total && free > 0; index++, free--) {
    actions.push({ do: "open", node, scope, index })
  }
  if (actions.length > 0 || progress.closed < total) return actions
  return [{ do: "finish", node, scope, attempt, output: resultsOf(state, node, scope, total, on_item_error) }]
}

/** Items that failed in an earlier attempt of the map: this one begins them anew. */
function failedBefore(
  state: ExecutionState,
  node: FlowNode,
  { scope, attempt, progress }: NodeState,
): number[] {
  if (attempt <= 1 || !progress || progress.failed === 0) return []
  const found: number[] = []
  for (let index = 0; index < progress.opened; index++) {
    const one = state.scopes[scopePath(node.id, scope, index)]
    if (one?.status === "failed" && one.attempt < attempt) found.push(index)
  }
  return found
}

/** What each item came to, in the order of the items, however they ended. */
function resultsOf(
  state: ExecutionState,
  node: FlowNode,
  scope: string,
  total: number,
  onItemError: MapData["on_item_error"],
): Json[] {
  const results: Json[] = []
  for (let index = 0; index < total; index++) {
    const one = state.scopes[scopePath(node.id, scope, index)]
    if (one?.status === "closed") results.push(one.output ?? null)
    else if (onItemError !== "skip") results.push(null)
  }
  return results
}
