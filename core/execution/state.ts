import type { Json, JsonObject } from "#core/json"
import type { Micros } from "#core/money"
import type { StepError, Usage } from "./event.ts"
import type { ExecutionStatus, NodeStatus } from "./status.ts"

/** What the journal says of one node under one scope. */
export type NodeState = {
  node_id: string
  scope: string
  status: NodeStatus
  attempt: number
  /** The resolved fields of a step with effects; pure steps keep none, since the journal implies them. */
  input: Json | undefined
  output: Json | undefined
  /** The handles by which execution goes on. */
  handles: readonly string[]
  /** What has been streamed so far in this attempt. */
  text: string
  error: StepError | undefined
  started_at: string | undefined
  finished_at: string | undefined
  /** The event that settled it: the order in which routes reach a merge. */
  settled_seq: number
  /** When the next attempt is due. */
  due: string | undefined
  model: string | undefined
  provider_type: string | undefined
  usage: Usage | undefined
  cost_micros: Micros
  latency_ms: number | undefined
  first_token_ms: number | undefined
  pinned: boolean
}

export type LogLine = {
  seq: number
  at: string
  node_id: string
  level: "info" | "warning" | "error"
  message: string
}

export type ExecutionState = {
  status: ExecutionStatus
  /** The last event folded in; 0 before the first. */
  seq: number
  flow_id: string
  flow_name: string
  flow_version: number | null
  definition: string
  engine_version: number
  actor: string
  inputs: JsonObject
  outputs: Json | undefined
  error: StepError | undefined
  pinned: JsonObject
  retry_of: string | undefined
  timeout_ms: number
  created_at: string | undefined
  started_at: string | undefined
  finished_at: string | undefined
  /** By key (see `nodeKey`). */
  nodes: Record<string, NodeState>
  /** Outputs of finished nodes by id: what expressions see as `nodes`. */
  values: JsonObject
  logs: LogLine[]
  input_tokens: number
  output_tokens: number
  cost_micros: Micros
}

/** A node inside a map, loop or subflow stands under a scope path: `each[3]/draft`. At the root its key is its id. */
export const nodeKey = (nodeId: string, scope = ""): string => (scope ? `${scope}/${nodeId}` : nodeId)

/** Records keyed by names that users choose have no prototype, so that no name means anything by itself. */
export const bare = <T>(): Record<string, T> => Object.create(null) as Record<string, T>

export function initialState(): ExecutionState {
  return {
    status: "queued",
    seq: 0,
    flow_id: "",
    flow_name: "",
    flow_version: null,
    definition: "",
    engine_version: 1,
    actor: "",
    inputs: {},
    outputs: undefined,
    error: undefined,
    pinned: {},
    retry_of: undefined,
    timeout_ms: 0,
    created_at: undefined,
    started_at: undefined,
    finished_at: undefined,
    nodes: bare(),
    values: bare(),
    logs: [],
    input_tokens: 0,
    output_tokens: 0,
    cost_micros: 0,
  }
}

export function newNode(nodeId: string, scope: string): NodeState {
  return {
    node_id: nodeId,
    scope,
    status: "ready",
    attempt: 0,
    input: undefined,
    output: undefined,
    handles: [],
    text: "",
    error: undefined,
    started_at: undefined,
    finished_at: undefined,
    settled_seq: 0,
    due: undefined,
    model: undefined,
    provider_type: undefined,
    usage: undefined,
    cost_micros: 0,
    latency_ms: undefined,
    first_token_ms: undefined,
    pinned: false,
  }
}
