import { sourceHandle, type FlowNode } from "#core/flow/graph"
import { MergeMode } from "#core/flow/kinds/merge"
import type { Body, Plan } from "#core/flow/plan"
import type { Scope } from "#core/flow/expression/template"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { bare, nodeKey, scopePath, type ExecutionState, type NodeState, type ScopeState } from "./state.ts"
import { isDone } from "./status.ts"

/**
 * What arrives at a node: the one value, or, where several routes meet, each by its source's id. A merge that wants the first
 * few gets those only, in the order in which they were finished. A node that no edge leads to gets what its body begins with.
 */
export function incomingOf(state: ExecutionState, plan: Plan, node: FlowNode, scope = ""): Json {
  const edges = plan.body(scope).arriving.get(node.id) ?? []
  if (edges.length === 0) return beginningOf(state, scope)
  const came = edges.flatMap((edge) => {
    const source = state.nodes[nodeKey(edge.source, scope)]
    const taken = source && isDone(source.status) && source.handles.includes(sourceHandle(edge))
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

/** What a body begins with: the execution's inputs, a called flow's, a map's item, a loop's state. */
function beginningOf(state: ExecutionState, path: string): Json {
  const scope = state.scopes[path]
  if (!scope) return state.inputs
  const { inputs, item, state: now } = frameOf(state, scope)
  return inputs ?? item ?? now ?? null
}

/** What one scope gives to the expressions inside it. */
type Frame = { inputs?: Json; item?: Json; index?: number; state?: Json }

function frameOf(state: ExecutionState, scope: ScopeState): Frame {
  const holder = state.nodes[nodeKey(scope.node_id, scope.parent)]
  const input = isJsonObject(holder?.input) ? holder.input : {}
  const { index } = scope
  if (index === undefined) return { inputs: input["inputs"] ?? {} }
  if (Array.isArray(input["items"])) return { item: input["items"][index] ?? null, index }
  const before =
    index === 0 ? input["state"] : state.scopes[scopePath(scope.node_id, scope.parent, index - 1)]?.output
  return { state: before ?? null, index }
}

/** One result: its value. Several: the value of each that was reached, by node id. None: null. */
export function outputsOf(state: ExecutionState, body: Body, scope: string): Json {
  const reached = body.results.flatMap((id) => {
    const node = state.nodes[nodeKey(id, scope)]
    return node?.status === "succeeded" || (node?.status === "failed" && node.output !== undefined)
      ? [[id, node.output ?? null] as const]
      : []
  })
  if (body.results.length <= 1) return reached[0]?.[1] ?? null
  return Object.fromEntries(reached)
}

/** What the execution tells of itself beside its state: addresses that the outside may call. */
export type About = { id: string; now: string; addresses?: JsonObject }

/**
 * What expressions of a step see. Inside a map or loop they see the values outside of it too; a called flow sees its own only.
 * The innermost item, index and state count.
 */
export function scopeOf(
  state: ExecutionState,
  plan: Plan,
  node: FlowNode,
  path: string,
  about: About,
): Scope {
  const seen: Frame = {}
  const layers: JsonObject[] = []
  let scope = state.scopes[path]
  for (; scope; scope = state.scopes[scope.parent]) {
    layers.push(scope.values)
    const { inputs, ...rest } = frameOf(state, scope)
    for (const [name, value] of Object.entries(rest))
      if (!(name in seen)) Object.assign(seen, { [name]: value })
    if (inputs !== undefined) {
      seen.inputs = inputs
      break
    }
  }
  if (!scope) layers.push(state.values)
  const { inputs, ...frame } = seen
  const nodes: JsonObject =
    layers.length === 1 ? layers[0]! : Object.assign(bare<Json>(), ...layers.toReversed())
  return {
    input: inputs ?? state.inputs,
    incoming: incomingOf(state, plan, node, path),
    nodes,
    ...frame,
    // The nodes of a crew's flow are named like its tasks.
    ...(plan.body(path).place.crew ? { tasks: nodes } : {}),
    execution: {
      id: about.id,
      flow_id: state.flow_id,
      flow_version: state.flow_version,
      started_at: state.started_at ?? about.now,
      now: about.now,
      ...about.addresses,
    },
    vars: {},
  }
}
