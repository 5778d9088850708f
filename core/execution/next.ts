import { sourceHandle, type FlowNode } from "#core/flow/graph"
import { MergeMode } from "#core/flow/kinds/merge"
import type { Plan } from "#core/flow/plan"
import type { Json, JsonObject } from "#core/json"
import type { StepError } from "./event.ts"
import { nodeKey, type ExecutionState, type NodeState } from "./state.ts"
import { isSettled } from "./status.ts"

/** What the journal asks to be done now. */
export type Action =
  | { do: "begin"; node: FlowNode; scope: string; attempt: number }
  | { do: "skip"; node: FlowNode; scope: string }
  | { do: "succeed"; outputs: Json }
  | { do: "fail"; error: StepError }

/**
 * The next actions, from the journal's state alone. Nothing comes back while everything that is left is under way or waits
 * for its time; an execution in `cancelling` begins nothing.
 */
export function next(state: ExecutionState, plan: Plan, now: number): Action[] {
  if (isSettled(state.status) || state.status === "cancelling") return []
  const actions: Action[] = []
  let open = false
  for (const node of plan.order) {
    const known = state.nodes[nodeKey(node.id)]
    if (known?.status === "failed" && known.handles.length === 0 && !mayFail(node)) {
      return [{ do: "fail", error: { ...known.error!, node_id: node.id } }]
    }
    if (known && isDone(known)) continue
    open = true
    const action = known ? again(known, node, now) : first(state, plan, node)
    if (action) actions.push(action)
  }
  if (open) return actions
  return [{ do: "succeed", outputs: outputsOf(state, plan) }]
}

/** A failed output or merge has no handles, yet may be told to carry on. */
const mayFail = (node: FlowNode): boolean =>
  node.data["on_error"] === "continue" || node.data["on_error"] === "route"

const isDone = (node: NodeState): boolean =>
  node.status === "succeeded" || node.status === "failed" || node.status === "skipped"

function again(known: NodeState, node: FlowNode, now: number): Action | undefined {
  if (known.status === "ready") return { do: "begin", node, scope: known.scope, attempt: known.attempt + 1 }
  if (known.status !== "retrying" || (known.due !== undefined && Date.parse(known.due) > now))
    return undefined
  return { do: "begin", node, scope: known.scope, attempt: known.attempt + 1 }
}

function first(state: ExecutionState, plan: Plan, node: FlowNode): Action | undefined {
  const edges = plan.arriving.get(node.id) ?? []
  if (edges.length === 0) return { do: "begin", node, scope: "", attempt: 1 }
  let taken = 0
  let open = 0
  for (const edge of edges) {
    const source = state.nodes[nodeKey(edge.source)]
    if (!source || !isDone(source)) open++
    else if (source.handles.includes(sourceHandle(edge))) taken++
  }
  if (open === 0)
    return taken > 0 ? { do: "begin", node, scope: "", attempt: 1 } : { do: "skip", node, scope: "" }
  return taken >= wanted(node, edges.length) ? { do: "begin", node, scope: "", attempt: 1 } : undefined
}

/** How many edges a node waits for before the rest are settled: all of them, unless it is a merge that says fewer. */
function wanted(node: FlowNode, edges: number): number {
  if (node.type !== "merge") return edges + 1
  const mode = MergeMode.safeParse(node.data["mode"]).data ?? "all"
  return mode === "all" ? edges + 1 : mode === "any" ? 1 : mode
}

/**
 * What arrives at a node: the one value, or, where several routes meet, each by its source's id. A merge that wants the first
 * few gets those only, in the order in which they were finished.
 */
export function incomingOf(state: ExecutionState, plan: Plan, node: FlowNode): Json {
  const edges = plan.arriving.get(node.id) ?? []
  if (edges.length === 0) return state.inputs
  const came = edges.flatMap((edge) => {
    const source = state.nodes[nodeKey(edge.source)]
    const taken = source && isDone(source) && source.handles.includes(sourceHandle(edge))
    return taken
      ? [{ from: edge.source, seq: source.settled_seq, value: valueOn(source, sourceHandle(edge)) }]
      : []
  })
  if (node.type !== "merge") return came.length === 1 ? came[0]!.value : bySource(came)
  const mode = MergeMode.safeParse(node.data["mode"]).data ?? "all"
  if (mode === "all") return bySource(came)
  came.sort((one, other) => one.seq - other.seq)
  return mode === "any" ? (came[0]?.value ?? null) : bySource(came.slice(0, mode))
}

const bySource = (came: { from: string; value: Json }[]): Json =>
  Object.fromEntries(came.map((one) => [one.from, one.value]))

/** The error route carries the error; every other handle carries the output. */
const valueOn = (source: NodeState, handle: string): Json =>
  handle === "error" && source.error ? { ...source.error, node_id: source.node_id } : (source.output ?? null)

/** One output node: its value. Several: the value of each that was reached, by node id. None: null. */
export function outputsOf(state: ExecutionState, plan: Plan): Json {
  const reached = plan.outputs.flatMap((id) => {
    const node = state.nodes[nodeKey(id)]
    return node?.status === "succeeded" || (node?.status === "failed" && node.output !== undefined)
      ? [[id, node.output ?? null] as const]
      : []
  })
  if (plan.outputs.length <= 1) return reached[0]?.[1] ?? null
  return Object.fromEntries(reached)
}

/** What expressions of a step see. */
export function scopeOf(state: ExecutionState, plan: Plan, node: FlowNode, executionId: string, now: string) {
  return {
    input: state.inputs,
    incoming: incomingOf(state, plan, node),
    nodes: state.values,
    execution: {
      id: executionId,
      flow_id: state.flow_id,
      flow_version: state.flow_version,
      started_at: state.started_at ?? now,
      now,
    } as JsonObject,
    vars: {} as JsonObject,
  }
}

/** The earliest time at which something becomes due by itself, in ms since 1970. */
export function nextDue(state: ExecutionState): number | undefined {
  let due: number | undefined
  for (const node of Object.values(state.nodes)) {
    if (node.status !== "retrying" || node.due === undefined) continue
    const at = Date.parse(node.due)
    if (due === undefined || at < due) due = at
  }
  return due
}
