import { isJsonObject } from "#core/json"
import type { ExecutionEvent } from "./event.ts"
import { nodeChange, type NodeEvent } from "./reduce-node.ts"
import { foldScope } from "./reduce-scope.ts"
import { bare, initialState, newNode, nodeKey, type ExecutionState } from "./state.ts"
import { isResting, isUnderWay } from "./status.ts"

/** The state after one more event. Pure: the given state stays as it was. */
export function reduce(state: ExecutionState, event: ExecutionEvent): ExecutionState {
  const next = {
    ...state,
    nodes: copied(state.nodes),
    scopes: copied(state.scopes),
    values: copied(state.values),
    callbacks: copied(state.callbacks),
  }
  if (isPrinted(event)) next.logs = [...state.logs]
  fold(next, event)
  return next
}

const copied = <T>(record: Record<string, T>): Record<string, T> => Object.assign(bare<T>(), record)

/** The state that a whole journal amounts to. */
export function replay(events: Iterable<ExecutionEvent>): ExecutionState {
  const state = initialState()
  for (const event of events) fold(state, event)
  return state
}

/**
 * The same as `reduce`, in place: for those who own the state, since copying a map of nodes for each of ten thousand events
 * is the square of them. States of nodes and scopes are replaced, never changed.
 */
export function fold(state: ExecutionState, event: ExecutionEvent): void {
  // A stream that resumes may repeat what was seen; a journal counts without gaps.
  if (event.seq <= state.seq) return
  state.seq = event.seq
  if (isWhole(event)) return foldExecution(state, event)
  if (isResting(state.status)) resume(state, event.at)
  foldNode(state, event)
}

type WholeEvent = Extract<ExecutionEvent, { type: `execution.${string}` }>

const isWhole = (event: ExecutionEvent): event is WholeEvent => event.type.startsWith("execution.")

function foldExecution(state: ExecutionState, event: WholeEvent): void {
  switch (event.type) {
    case "execution.queued": {
      const { data } = event
      const { inputs, pinned, depth, followed, ...rest } = data
      Object.assign(state, rest, {
        inputs: isJsonObject(inputs) ? inputs : {},
        pinned: pinned ?? {},
        depth: depth ?? 0,
        followed: followed ?? false,
        created_at: event.at,
      })
      return
    }
    case "execution.started":
      state.status = "running"
      state.started_at = event.at
      return
    case "execution.waiting":
    case "execution.needs_attention":
      state.status = event.type === "execution.waiting" ? "waiting" : "needs_attention"
      state.waiting_since = event.at
      return
    case "execution.cancelling":
      state.status = "cancelling"
      return
    case "execution.succeeded":
      state.outputs = event.data.outputs
      return settle(state, "succeeded", event.at)
    case "execution.failed":
      state.error = event.data.error
      return settle(state, "failed", event.at)
    case "execution.timed_out":
      state.error = event.data.error
      return settle(state, "timed_out", event.at)
    case "execution.cancelled":
      return settle(state, "cancelled", event.at)
    default:
      return event satisfies never
  }
}

/** Whatever happens to a node ends the rest of its execution. */
function resume(state: ExecutionState, at: string): void {
  state.status = "running"
  if (state.waiting_since !== undefined)
    state.waited_ms += Math.max(0, Date.parse(at) - Date.parse(state.waiting_since))
  state.waiting_since = undefined
}

/** Whatever was under way when the execution ended counts as cancelled. */
function settle(state: ExecutionState, status: ExecutionState["status"], at: string): void {
  state.status = status
  state.finished_at = at
  state.open = []
  for (const [key, node] of Object.entries(state.nodes)) {
    if (isUnderWay(node.status))
      state.nodes[key] = { ...node, status: "cancelled", finished_at: at, due: undefined }
  }
}

const isOfCall = ({ type }: NodeEvent): boolean =>
  type.startsWith("http.") || type.startsWith("model.") || type.startsWith("tool.")

/** What a step writes to its log; what a tool says of itself beside what it prints stands in its span alone. */
const isPrinted = (event: ExecutionEvent): event is Extract<NodeEvent, { type: "node.log" | "tool.log" }> =>
  event.type === "node.log" || (event.type === "tool.log" && event.data.stream !== undefined)

function foldNode(state: ExecutionState, event: NodeEvent): void {
  if (event.node_id === undefined) return
  const scope = event.scope ?? ""
  const key = nodeKey(event.node_id, scope)
  if (isPrinted(event)) {
    state.logs.push({
      seq: event.seq,
      at: event.at,
      node_id: event.node_id,
      ...(scope ? { scope } : {}),
      ...(event.type === "node.log" ? event.data : { level: "info", ...event.data }),
    })
    return
  }
  const node = state.nodes[key] ?? newNode(event.node_id, scope)
  // Whoever answers late is recognised by the attempt and changes nothing.
  if (event.attempt !== undefined && event.attempt < node.attempt) return
  if (event.type === "callback.received" && node.status !== "waiting") {
    state.callbacks[key] = event.data.body
    return
  }
  // What is said of a call that a scope has forgotten counts, but begins no step in the scope that is there now.
  if (state.nodes[key] || !isOfCall(event)) state.nodes[key] = { ...node, ...nodeChange(node, event) }
  if (event.type === "model.finished" || event.type === "model.failed") {
    state.input_tokens += event.data.usage?.input_tokens ?? 0
    state.output_tokens += event.data.usage?.output_tokens ?? 0
    state.cost_micros += event.data.cost_micros ?? 0
  }
  foldScope(state, event, key)
}
