import { isJsonObject } from "#core/json"
import type { ExecutionEvent } from "./event.ts"
import { initialState, newNode, nodeKey, type ExecutionState, type NodeState } from "./state.ts"

/** The state after one more event. Pure: the given state stays as it was. */
export function reduce(state: ExecutionState, event: ExecutionEvent): ExecutionState {
  const next = {
    ...state,
    nodes: Object.assign(Object.create(null), state.nodes),
    values: Object.assign(Object.create(null), state.values),
  }
  if (event.type === "node.log") next.logs = [...state.logs]
  fold(next, event)
  return next
}

/** The state that a whole journal amounts to. */
export function replay(events: Iterable<ExecutionEvent>): ExecutionState {
  const state = initialState()
  for (const event of events) fold(state, event)
  return state
}

/**
 * The same as `reduce`, in place: for those who own the state, since copying a map of nodes for each of ten thousand events
 * is the square of them. Node states are replaced, never changed.
 */
export function fold(state: ExecutionState, event: ExecutionEvent): void {
  // A stream that resumes may repeat what was seen; a journal counts without gaps.
  if (event.seq <= state.seq) return
  state.seq = event.seq
  if (isWhole(event)) foldExecution(state, event)
  else foldNode(state, event)
}

type WholeEvent = Extract<ExecutionEvent, { type: `execution.${string}` }>
type NodeEvent = Exclude<ExecutionEvent, WholeEvent>

const isWhole = (event: ExecutionEvent): event is WholeEvent => event.type.startsWith("execution.")

function foldExecution(state: ExecutionState, event: WholeEvent): void {
  switch (event.type) {
    case "execution.queued": {
      const { data } = event
      Object.assign(state, {
        flow_id: data.flow_id,
        flow_name: data.flow_name,
        flow_version: data.flow_version,
        definition: data.definition,
        engine_version: data.engine_version,
        actor: data.actor,
        inputs: isJsonObject(data.inputs) ? data.inputs : {},
        pinned: data.pinned ?? {},
        retry_of: data.retry_of,
        timeout_ms: data.timeout_ms,
        created_at: event.at,
      })
      return
    }
    case "execution.started":
      state.status = "running"
      state.started_at = event.at
      return
    case "execution.waiting":
      state.status = "waiting"
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

/** Whatever was under way when the execution ended counts as cancelled. */
function settle(state: ExecutionState, status: ExecutionState["status"], at: string): void {
  state.status = status
  state.finished_at = at
  for (const [key, node] of Object.entries(state.nodes)) {
    if (node.status === "running" || node.status === "ready" || node.status === "retrying") {
      state.nodes[key] = { ...node, status: "cancelled", finished_at: at, due: undefined }
    }
  }
}

function foldNode(state: ExecutionState, event: NodeEvent): void {
  if (event.node_id === undefined) return
  const key = nodeKey(event.node_id, event.scope)
  const node = state.nodes[key] ?? newNode(event.node_id, event.scope ?? "")
  if (event.type === "node.log") {
    state.logs.push({ seq: event.seq, at: event.at, node_id: event.node_id, ...event.data })
    return
  }
  // Whoever answers late is recognised by the attempt and changes nothing.
  if (event.attempt !== undefined && event.attempt < node.attempt) return
  state.nodes[key] = { ...node, ...nodeChange(node, event) }
  if (event.type === "model.finished") {
    state.input_tokens += event.data.usage.input_tokens
    state.output_tokens += event.data.usage.output_tokens
    state.cost_micros += event.data.cost_micros
  }
  if (
    (event.type === "node.succeeded" || event.type === "node.failed") &&
    event.data.output !== undefined &&
    event.scope === undefined
  ) {
    state.values[event.node_id] = event.data.output
  }
}

function nodeChange(node: NodeState, event: NodeEvent): Partial<NodeState> {
  switch (event.type) {
    case "node.ready":
      return { status: "ready" }
    case "node.started":
      return {
        status: "running",
        attempt: event.attempt ?? node.attempt,
        input: event.data.input,
        started_at: node.started_at ?? event.at,
        text: "",
        error: undefined,
        due: undefined,
        finished_at: undefined,
      }
    case "node.delta":
    case "model.delta":
      return { text: node.text + event.data.text }
    case "node.succeeded":
      return {
        settled_seq: event.seq,
        status: "succeeded",
        output: event.data.output,
        handles: event.data.handles,
        finished_at: event.at,
        pinned: event.data.pinned ?? false,
      }
    case "node.failed":
      return {
        settled_seq: event.seq,
        status: "failed",
        error: event.data.error,
        handles: event.data.handles,
        output: event.data.output,
        finished_at: event.at,
      }
    case "node.skipped":
      return { status: "skipped", finished_at: event.at }
    case "node.retrying":
      return { status: "retrying", error: event.data.error, due: event.data.due }
    case "model.started":
      return { model: event.data.model, provider_type: event.data.provider_type }
    case "model.finished":
      return {
        model: event.data.model,
        usage: event.data.usage,
        cost_micros: node.cost_micros + event.data.cost_micros,
        latency_ms: event.data.latency_ms,
        first_token_ms: event.data.first_token_ms,
      }
    case "node.log":
    case "model.failed":
    case "timer.set":
    case "timer.fired":
      return {}
    default:
      return event satisfies never
  }
}
