import { sourceHandle } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { after, neededFor, type Plan } from "#core/flow/plan"
import type { Json, JsonObject } from "#core/json"
import type { NewEvent } from "./event.ts"
import { outputGiven, routeGiven } from "./perform.ts"
import {
  isWithin,
  nodeKey,
  scopePath,
  type ExecutionState,
  type NodeState,
  type ScopeState,
} from "./state.ts"
import { isDone } from "./status.ts"

/** What a new execution takes over of a node: its result, what is finished inside of it, or nothing. */
export type Keep = "whole" | "parts" | "none"

type Choice = {
  node(node: NodeState): Keep
  /** Whether a finished iteration is taken over. */
  scope(scope: ScopeState): boolean
}

/** The events by which a new execution takes over what another has come to, in the order in which it came to it. */
export function carryOver(state: ExecutionState, plan: Plan, keep: Choice): NewEvent[] {
  return eventsIn(state, plan, "", keep)
}

function eventsIn(state: ExecutionState, plan: Plan, scope: string, keep: Choice): NewEvent[] {
  const known = plan.body(scope).order.flatMap(({ id }) => state.nodes[nodeKey(id, scope)] ?? [])
  const whole = known
    .filter((node) => isDone(node.status) && keep.node(node) === "whole")
    // A skip is known when what comes before it has settled.
    .toSorted((one, other) => (one.settled_seq || Infinity) - (other.settled_seq || Infinity))
  const parts = known.filter((node) => node.progress && keep.node(node) === "parts")
  return [
    ...whole.flatMap((node) => resultOf(node)),
    ...parts.flatMap((node) => partsOf(state, plan, node, keep)),
  ]
}

const placeOf = ({ node_id, scope }: NodeState) => ({ node_id, ...(scope ? { scope } : {}) })

const startOf = (node: NodeState): NewEvent => ({
  type: "node.started",
  ...placeOf(node),
  attempt: 1,
  data: {
    ...(node.input === undefined ? {} : { input: node.input }),
    ...(node.progress?.total === undefined ? {} : { total: node.progress.total }),
  },
})

/** The events that give a node its result without doing anything for it. */
function resultOf(node: NodeState): NewEvent[] {
  const place = placeOf(node)
  if (node.status === "skipped") return [{ type: "node.skipped", ...place, data: {} }]
  if (node.status === "failed") {
    const error = node.error ?? { code: "step.failed", message: "It failed." }
    const output = node.output === undefined ? {} : { output: node.output }
    const data = { error, handles: [...node.handles], ...output }
    return [startOf(node), { type: "node.failed", ...place, attempt: 1, data }]
  }
  return [startOf(node), succeeded(node, node.output ?? null, [...node.handles])]
}

const succeeded = (node: NodeState, output: Json, handles: string[]): NewEvent => ({
  type: "node.succeeded",
  ...placeOf(node),
  attempt: 1,
  data: { output, handles, reused: true },
})

/**
 * The events that begin a node which holds a body with what is finished inside. Scopes are opened in the order of their numbers and
 * without a gap, since a map opens what is left by counting; a loop ends with the first that is not taken over.
 */
function partsOf(state: ExecutionState, plan: Plan, holder: NodeState, keep: Choice): NewEvent[] {
  const place = placeOf(holder)
  const isMap = Array.isArray((holder.input as JsonObject | undefined)?.["items"])
  const events: NewEvent[] = [startOf(holder)]
  for (const scope of scopesOf(state, holder)) {
    const { path, index } = scope
    events.push({
      type: "scope.opened",
      ...place,
      attempt: 1,
      data: { path, ...(index === undefined ? {} : { index }) },
    })
    if (scope.status === "closed" && keep.scope(scope)) {
      events.push({
        type: "scope.closed",
        ...place,
        attempt: 1,
        data: { path, output: scope.output ?? null },
      })
      continue
    }
    events.push(...eventsIn(state, plan, path, keep))
    if (!isMap) break
  }
  return events
}

function scopesOf(state: ExecutionState, { node_id, scope, progress }: NodeState): ScopeState[] {
  const called = state.scopes[scopePath(node_id, scope)]
  if (called) return [called]
  return Array.from(
    { length: progress?.opened ?? 0 },
    (_, index) => state.scopes[scopePath(node_id, scope, index)],
  ).filter((one) => one !== undefined)
}

/** For a retry: what has succeeded, and what went on after a failure, is taken over; what failed and what was cut off is done anew. */
export const unfinished: Choice = {
  node: (node) =>
    node.status === "succeeded" ||
    node.status === "skipped" ||
    (node.status === "failed" && node.handles.length > 0)
      ? "whole"
      : "parts",
  scope: () => true,
}

/** For a fork: everything that does not come after one step is taken over. */
export function before(plan: Plan, step: { node_id: string; scope: string }): Choice {
  const later = new Map<string, Set<string>>()
  const onTheWay = new Map<string, string>()
  onTheWay.set(step.scope, step.node_id)
  for (let scope = step.scope; scope !== "";) {
    const cut = scope.lastIndexOf("/")
    const outer = cut < 0 ? "" : scope.slice(0, cut)
    onTheWay.set(outer, scope.slice(cut + 1).replace(/\[\d+\]$/, ""))
    scope = outer
  }
  for (const [scope, id] of onTheWay) later.set(scope, after(plan.body(scope), id))
  return {
    node(node) {
      if (node.scope === step.scope && node.node_id === step.node_id) return "none"
      if (onTheWay.get(node.scope) === node.node_id) return "parts"
      if (later.get(node.scope)?.has(node.node_id)) return "none"
      // What failed beside it for good would end the new execution before it has begun.
      const isOver = node.status === "failed" && node.handles.length === 0
      return isDone(node.status) && !isOver ? "whole" : "parts"
    },
    scope: ({ path }) => !isWithin(step.scope, path),
  }
}

/** The events that give a step another output than it came to. */
export function given(plan: Plan, node: NodeState, output: Json): NewEvent[] {
  const drawn = plan.body(node.scope).nodes.get(node.node_id)
  const told = drawn === undefined ? output : outputGiven(drawn, output)
  const handles = drawn === undefined ? [...node.handles] : handlesFor(drawn, node, told)
  return [startOf({ ...node, progress: undefined }), succeeded(node, told, handles)]
}

type Drawn = Parameters<typeof routeGiven>[0]

/** A class, a button or calls that the output names decide; else it goes on as it went. */
function handlesFor(drawn: Drawn, node: NodeState, output: Json): string[] {
  if (drawn.type === "classify" || drawn.type === "approval" || drawn.type === "think")
    return [routeGiven(drawn, output)]
  const taken = node.handles.filter((handle) => handle !== "error")
  if (taken.length > 0) return [...taken]
  return (kindOf(drawn.type)?.handles(drawn.data) ?? []).slice(0, 1).map((handle) => handle.id)
}

/** Nodes of the root before one that have no result, neither in an execution nor pinned. */
export function missingBefore(
  plan: Plan,
  state: ExecutionState | undefined,
  id: string,
  pinned: JsonObject,
): string[] {
  const needed = neededFor(plan.root, id)
  return plan.root.order.flatMap((node) => {
    if (node.id === id || !needed.has(node.id) || node.type === "input") return []
    if (Object.hasOwn(pinned, node.id)) return []
    const known = state?.nodes[node.id]
    return known && isDone(known.status) ? [] : [node.id]
  })
}

/** Whether what is known of an execution leads to a node of the root; what is pinned may lead anywhere. */
export function routeTo(
  plan: Plan,
  state: ExecutionState | undefined,
  id: string,
  pinned: JsonObject,
): boolean {
  const edges = plan.root.arriving.get(id) ?? []
  return (
    edges.length === 0 ||
    edges.some((edge) => {
      if (Object.hasOwn(pinned, edge.source)) return true
      const source = state?.nodes[edge.source]
      return source === undefined || source.handles.includes(sourceHandle(edge))
    })
  )
}
