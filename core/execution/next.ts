import type { FlowNode } from "#core/flow/graph"
import { MergeMode } from "#core/flow/kinds/merge"
import { actOf } from "#core/agent/tool-node"
import { sourceHandle } from "#core/flow/graph"
import { neededFor, type Body, type Plan } from "#core/flow/plan"
import type { Json } from "#core/json"
import { bodyAction, type BodyAction } from "./next-body.ts"
import type { StepError } from "./event.ts"
import { holderOf, isWithin, nodeKey, type ExecutionState, type NodeState } from "./state.ts"
import { isDone, isSettled } from "./status.ts"
import { outputsOf } from "./values.ts"

/** What the journal asks to be done now. */
export type Action =
  | { do: "begin"; node: FlowNode; scope: string; attempt: number }
  | { do: "skip"; node: FlowNode; scope: string }
  /** The time of a wait or an approval has come. */
  | { do: "ring"; node: FlowNode; scope: string }
  | BodyAction
  /** A scope has come to its end, well or not. */
  | { do: "close"; path: string; output: Json }
  | { do: "close"; path: string; error: StepError }
  | { do: "succeed"; outputs: Json }
  | { do: "fail"; error: StepError }

/**
 * The next actions, from the journal's state alone. Nothing comes back while everything that is left is under way or waits
 * for its time; an execution in `cancelling` begins nothing.
 */
export function next(state: ExecutionState, plan: Plan, now: number): Action[] {
  if (isSettled(state.status) || state.status === "cancelling" || state.status === "queued") return []
  const ended = nextIn(state, plan, "", now)
  if (ended.length > 0 && (ended[0]!.do === "fail" || ended[0]!.do === "succeed")) return ended
  const actions = ended
  const closing: string[] = []
  // A body that is broken off in this turn must not begin anything in the same one.
  const broken = brokenBy(ended)
  for (const path of state.open) {
    if (closing.some((outer) => isWithin(path, outer))) continue
    if (broken.has(holderOf(path))) {
      closing.push(path)
      continue
    }
    const inside = nextIn(state, plan, path, now)
    if (inside[0]?.do === "close" && "error" in inside[0]) closing.push(path)
    for (const key of brokenBy(inside)) broken.add(key)
    actions.push(...inside)
  }
  return actions
}

const brokenBy = (actions: readonly Action[]): Set<string> =>
  new Set(actions.flatMap((one) => (one.do === "break" ? [nodeKey(one.node.id, one.scope)] : [])))

function nextIn(state: ExecutionState, plan: Plan, scope: string, now: number): Action[] {
  const body = plan.body(scope)
  const only = scope === "" && state.stop_after !== undefined ? wantedFor(body, state.stop_after) : undefined
  const actions: Action[] = []
  let open = false
  for (const node of body.order) {
    if (only && !only.has(node.id)) continue
    const known = state.nodes[nodeKey(node.id, scope)]
    if (known?.status === "failed" && known.handles.length === 0 && !mayFail(node)) {
      const error = { ...known.error!, node_id: known.error?.node_id ?? node.id }
      return [scope === "" ? { do: "fail", error } : { do: "close", path: scope, error }]
    }
    if (known && isDone(known.status)) continue
    open = true
    if (!known) {
      const action = first(state, body, node, scope)
      if (action) actions.push(action)
    } else if (known.status === "running" && actOf(plan.graph, node) === "scope")
      actions.push(...bodyAction(state, node, known, now))
    else {
      const action = again(known, node, now)
      if (action) actions.push(action)
    }
  }
  if (open) return actions
  if (scope !== "") return [{ do: "close", path: scope, output: outputsOf(state, body, scope) }]
  return [{ do: "succeed", outputs: only ? stoppedAt(state) : outputsOf(state, body, scope) }]
}

/** An execution that was asked to end after a node ends with that node's value. */
const stoppedAt = (state: ExecutionState): Json => state.nodes[state.stop_after!]?.output ?? null

const wanted = new WeakMap<Body, Map<string, Set<string>>>()

function wantedFor(body: Body, id: string): Set<string> {
  const known = wanted.get(body) ?? new Map<string, Set<string>>()
  wanted.set(body, known)
  const found = known.get(id) ?? neededFor(body, id)
  known.set(id, found)
  return found
}

/** A failed output or merge has no handles, yet may be told to carry on. */
const mayFail = (node: FlowNode): boolean =>
  node.data["on_error"] === "continue" || node.data["on_error"] === "route"

const hasCome = (due: string | undefined, now: number): boolean => due !== undefined && Date.parse(due) <= now

function again(known: NodeState, node: FlowNode, now: number): Action | undefined {
  const { scope, attempt, due } = known
  switch (known.status) {
    case "ready":
      return { do: "begin", node, scope, attempt: attempt + 1 }
    case "retrying":
      return due === undefined || hasCome(due, now)
        ? { do: "begin", node, scope, attempt: attempt + 1 }
        : undefined
    case "waiting":
      return hasCome(due, now) ? { do: "ring", node, scope } : undefined
    default:
      return undefined
  }
}

function first(state: ExecutionState, body: Body, node: FlowNode, scope: string): Action | undefined {
  const edges = body.arriving.get(node.id) ?? []
  const begin = { do: "begin", node, scope, attempt: 1 } as const
  if (edges.length === 0) return begin
  let taken = 0
  let open = 0
  for (const edge of edges) {
    const source = state.nodes[nodeKey(edge.source, scope)]
    if (!source || !isDone(source.status)) open++
    else if (source.handles.includes(sourceHandle(edge))) taken++
  }
  if (open === 0) return taken > 0 ? begin : { do: "skip", node, scope }
  return taken >= enough(node, edges.length) ? begin : undefined
}

/** How many edges a node waits for before the rest are settled: all of them, unless it is a merge that says fewer. */
function enough(node: FlowNode, edges: number): number {
  if (node.type !== "merge") return edges + 1
  const mode = MergeMode.safeParse(node.data["mode"]).data ?? "all"
  return mode === "all" ? edges + 1 : mode === "any" ? 1 : mode
}

/** The earliest time at which something becomes due by itself, in ms since 1970. */
export function nextDue(state: ExecutionState): number | undefined {
  let first: number | undefined
  for (const node of Object.values(state.nodes)) {
    const time =
      node.status === "retrying" || node.status === "waiting"
        ? node.due
        : node.status === "running"
          ? node.deadline
          : undefined
    if (time === undefined) continue
    const at = Date.parse(time)
    if (first === undefined || at < first) first = at
  }
  return first
}
