import type { Json, JsonObject } from "#core/json"
import type { Micros } from "#core/money"
import type { StepError, Usage } from "./event.ts"
import type { ExecutionStatus, NodeStatus } from "./status.ts"

/** What was asked of a person, and what they said. */
export type ApprovalState = {
  approval_id: string
  title: string
  message: string | undefined
  form_schema: JsonObject | undefined
  buttons: readonly { id: string; label: string }[]
  assignees: readonly string[]
  by_others?: true
  due: string | undefined
  answer: { button: string; form: JsonObject | undefined; actor: string; at: string } | undefined
}

/** How far a node has come that holds a body. */
export type Progress = {
  /** How many scopes there will be; undefined where a condition decides. */
  total: number | undefined
  opened: number
  closed: number
  failed: number
  /** What the scope that was closed last came to: a loop's state. */
  last: Json | undefined
  /** The first failure of a scope in this attempt. */
  error: StepError | undefined
}

export const noProgress: Progress = {
  total: undefined,
  opened: 0,
  closed: 0,
  failed: 0,
  last: undefined,
  error: undefined,
}

/** What the journal says of one body being executed: an iteration, or a called flow. */
export type ScopeState = {
  /** `each[3]`; nested, `each[3]/again[0]`; a called flow, `call`. */
  path: string
  /** The node that holds the body, and the scope that it stands under. */
  node_id: string
  parent: string
  index: number | undefined
  status: "open" | "closed" | "failed"
  /** Which attempt of its node opened it. */
  attempt: number
  output: Json | undefined
  error: StepError | undefined
  /** Outputs of its finished nodes by id; forgotten when it is closed. */
  values: JsonObject
}

/** What the journal says of one node under one scope. */
export type NodeState = {
  node_id: string
  scope: string
  status: NodeStatus
  attempt: number
  /** How many of the attempts the server's stopping has cut off: those are no failures of the step. */
  interruptions: number
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
  /** When the next attempt, or the end of a wait, is due. */
  due: string | undefined
  /** When an attempt of a node that holds a body must be over. */
  deadline: string | undefined
  waiting_for: "time" | "callback" | "approval" | undefined
  approval: ApprovalState | undefined
  progress: Progress | undefined
  http: { method: string; url: string; status: number | undefined } | undefined
  /** The tool that an agent calls by it. */
  tool: { name: string; kind: string } | undefined
  model: string | undefined
  provider_type: string | undefined
  usage: Usage | undefined
  cost_micros: Micros
  latency_ms: number | undefined
  first_token_ms: number | undefined
  pinned: boolean
  reused: boolean
}

export type LogLine = {
  seq: number
  at: string
  node_id: string
  scope?: string
  level: "info" | "warning" | "error"
  message: string
  stream?: "stdout" | "stderr" | undefined
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
  fork_of: string | undefined
  replay_of: string | undefined
  stop_after: string | undefined
  concurrency_key: string | undefined
  origin: string | undefined
  depth: number
  followed: boolean
  timeout_ms: number
  /** How long it has waited for times and people so far: that does not count against the limit. */
  waited_ms: number
  waiting_since: string | undefined
  created_at: string | undefined
  started_at: string | undefined
  finished_at: string | undefined
  /** By key (see `nodeKey`). */
  nodes: Record<string, NodeState>
  /** Every scope there has been, by path; the root has none. */
  scopes: Record<string, ScopeState>
  /** Paths of the scopes that are open. */
  open: readonly string[]
  /** Calls that came before their wait was reached, by node key. */
  callbacks: JsonObject
  /** Outputs of the root's finished nodes by id: what expressions see as `nodes`. */
  values: JsonObject
  logs: LogLine[]
  input_tokens: number
  output_tokens: number
  cost_micros: Micros
}

/** A node inside a map, loop or subflow stands under a scope path: `each[3]/draft`. At the root its key is its id. */
export const nodeKey = (nodeId: string, scope = ""): string => (scope ? `${scope}/${nodeId}` : nodeId)

/** The path of a body's scope: its node's key, and which iteration it is. */
export const scopePath = (nodeId: string, scope: string, index?: number): string =>
  index === undefined ? nodeKey(nodeId, scope) : `${nodeKey(nodeId, scope)}[${index}]`

/** The key of the node that holds a scope: the scope's path without its index. */
export const holderOf = (path: string): string => path.replace(/\[\d+\]$/, "")

/** The keys of all nodes that hold a scope, the innermost first. */
export function holdersOf(path: string): string[] {
  const found: string[] = []
  for (let scope = path; scope !== ""; scope = scope.slice(0, Math.max(0, scope.lastIndexOf("/"))))
    found.push(holderOf(scope))
  return found
}

/** Whether a scope is, or is inside, another. */
export const isWithin = (scope: string, outer: string): boolean =>
  outer === "" || scope === outer || scope.startsWith(`${outer}/`)

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
    fork_of: undefined,
    replay_of: undefined,
    stop_after: undefined,
    concurrency_key: undefined,
    origin: undefined,
    depth: 0,
    followed: false,
    timeout_ms: 0,
    waited_ms: 0,
    waiting_since: undefined,
    created_at: undefined,
    started_at: undefined,
    finished_at: undefined,
    nodes: bare(),
    scopes: bare(),
    open: [],
    callbacks: bare(),
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
    interruptions: 0,
    input: undefined,
    output: undefined,
    handles: [],
    text: "",
    error: undefined,
    started_at: undefined,
    finished_at: undefined,
    settled_seq: 0,
    due: undefined,
    deadline: undefined,
    waiting_for: undefined,
    approval: undefined,
    progress: undefined,
    http: undefined,
    tool: undefined,
    model: undefined,
    provider_type: undefined,
    usage: undefined,
    cost_micros: 0,
    latency_ms: undefined,
    first_token_ms: undefined,
    pinned: false,
    reused: false,
  }
}

/** A state that was sent as JSON text. */
export function stateFrom(text: string): ExecutionState {
  const { nodes, scopes, values, callbacks, ...rest } = JSON.parse(text) as ExecutionState
  return {
    ...initialState(),
    ...rest,
    nodes: Object.assign(bare<NodeState>(), nodes),
    scopes: Object.assign(bare<ScopeState>(), scopes),
    values: Object.assign(bare<Json>(), values),
    callbacks: Object.assign(bare<Json>(), callbacks),
  }
}
