import type { Json, JsonObject } from "#core/json"
import type { NodeEvent } from "./reduce-node.ts"
import {
  bare,
  holderOf,
  isWithin,
  noProgress,
  type ExecutionState,
  type NodeState,
  type Progress,
} from "./state.ts"
import { isUnderWay } from "./status.ts"

/** What an event of a node says of the scopes: the one it stands under, and those that its body opens. */
export function foldScope(state: ExecutionState, event: NodeEvent, key: string): void {
  switch (event.type) {
    case "scope.opened":
      return open(state, event, key)
    case "scope.closed":
      return close(state, event, key)
    case "node.succeeded":
    case "node.failed":
      if (event.data.output !== undefined)
        keepValue(state, event.scope ?? "", event.node_id, event.data.output)
      if (state.nodes[key]?.progress) abandon(state, (path) => holderOf(path) === key, event.at)
      return
    default:
      return
  }
}

function keepValue(state: ExecutionState, scope: string, nodeId: string, value: Json): void {
  if (scope === "") {
    state.values[nodeId] = value
    return
  }
  const known = state.scopes[scope]
  if (known?.status !== "open") return
  const values: JsonObject = Object.assign(bare<Json>(), known.values)
  values[nodeId] = value
  state.scopes[scope] = { ...known, values }
}

type Opened = Extract<NodeEvent, { type: "scope.opened" }>

function open(state: ExecutionState, { node_id, scope, data }: Opened, key: string): void {
  const node = state.nodes[key]!
  const before = state.scopes[data.path]
  if (before) forget(state, data.path)
  state.scopes[data.path] = {
    path: data.path,
    node_id,
    parent: scope ?? "",
    index: data.index,
    status: "open",
    attempt: node.attempt,
    output: undefined,
    error: undefined,
    values: bare(),
  }
  state.open = [...state.open, data.path]
  const progress = progressOf(node)
  state.nodes[key] = {
    ...node,
    progress: before
      ? { ...progress, closed: progress.closed - 1, failed: progress.failed - 1 }
      : { ...progress, opened: progress.opened + 1 },
  }
}

type Closed = Extract<NodeEvent, { type: "scope.closed" }>

function close(state: ExecutionState, { at, data }: Closed, key: string): void {
  const known = state.scopes[data.path]
  const node = state.nodes[key]
  if (known?.status !== "open" || !node) return
  const { output, error } = data
  state.scopes[data.path] = { ...known, status: error ? "failed" : "closed", output, error, values: bare() }
  state.open = state.open.filter((path) => path !== data.path)
  const progress = progressOf(node)
  state.nodes[key] = {
    ...node,
    progress: {
      ...progress,
      closed: progress.closed + 1,
      failed: progress.failed + (error ? 1 : 0),
      last: error ? progress.last : output,
      error: progress.error ?? error,
    },
  }
  if (error) stop(state, data.path, at)
}

const progressOf = (node: NodeState): Progress => node.progress ?? noProgress

/** Ends what is still open of a body whose node has ended. */
function abandon(state: ExecutionState, isHeld: (path: string) => boolean, at: string): void {
  for (const path of state.open.filter(isHeld)) stop(state, path, at)
}

/** Nothing goes on inside a scope any more: what was under way counts as cancelled. */
function stop(state: ExecutionState, path: string, at: string): void {
  state.open = state.open.filter((one) => !isWithin(one, path))
  for (const [key, node] of Object.entries(state.nodes)) {
    if (isWithin(node.scope, path) && isUnderWay(node.status))
      state.nodes[key] = { ...node, status: "cancelled", finished_at: at, due: undefined }
  }
}

/** A scope that is begun anew begins with nothing. */
function forget(state: ExecutionState, path: string): void {
  for (const [key, node] of Object.entries(state.nodes))
    if (isWithin(node.scope, path)) delete state.nodes[key]
  for (const inner of Object.keys(state.scopes)) if (isWithin(inner, path)) delete state.scopes[inner]
  state.open = state.open.filter((one) => !isWithin(one, path))
}
