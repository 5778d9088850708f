import type { ExecutionEvent } from "#core/execution/event"
import { newNode, nodeKey, type ExecutionState, type NodeState } from "#core/execution/state"
import { isUnderWay, type NodeStatus } from "#core/execution/status"
import { patternsOf } from "./scope-path.ts"

/** How many steps stand where. */
export type StepCounts = Partial<Record<NodeStatus, number>>

/** A node in all the iterations that it was reached in, as one. */
export type StepGroup = {
  /** What the canvas shows in place of one step: the status that matters most, and the sums. */
  run: NodeState
  counts: StepCounts
  total: number
}

type Group = { keys: Set<string>; made: StepGroup | undefined }

/**
 * Where the steps of an execution are: by the scope that they stand under, and by node over all iterations. Kept beside the
 * state as events come, since a search through five thousand steps for each frame is what makes a page slow.
 */
export class StepIndex {
  readonly #state: ExecutionState
  readonly #byScope = new Map<string, Set<string>>()
  readonly #scopes = new Map<string, Set<string>>()
  readonly #groups = new Map<string, Group>()
  readonly #patterns = new Map<string, string[]>()
  #counts: StepCounts | undefined

  constructor(state: ExecutionState) {
    this.#state = state
  }

  /** Takes in an event that the state has just taken in. */
  note(event: ExecutionEvent): void {
    this.#counts = undefined
    if (!("node_id" in event) || event.node_id === undefined) return this.#forgetAll()
    const scope = event.scope ?? ""
    const key = nodeKey(event.node_id, scope)
    if (event.type === "scope.opened") addTo(this.#scopes, key, event.data.path)
    // These end or forget other steps than their own.
    if (event.type.startsWith("scope.") || this.#state.nodes[key]?.progress) this.#forgetAll()
    if (this.#state.nodes[key] === undefined) return
    addTo(this.#byScope, scope, key)
    for (const pattern of this.#patternsOf(scope)) this.#touch(nodeKey(event.node_id, pattern), key)
  }

  /** The keys of the steps right under a scope, in the order in which they were reached. */
  *stepsIn(scope: string): Generator<string> {
    for (const key of this.#byScope.get(scope) ?? []) if (this.#state.nodes[key]) yield key
  }

  /** The scopes that a node's body was executed under, in the order in which they were opened. */
  scopesOf(key: string): ReadonlySet<string> {
    return this.#scopes.get(key) ?? none
  }

  /** A node in all iterations that a pattern such as `each[*]` stands for; undefined where it was never reached. */
  group(nodeId: string, pattern: string): StepGroup | undefined {
    const group = this.#groups.get(nodeKey(nodeId, pattern))
    if (!group) return undefined
    group.made ??= groupOf(this.#state, nodeId, pattern, group.keys)
    return group.made.total > 0 ? group.made : undefined
  }

  /** The keys of a group's steps, in the order in which they were reached. */
  *keysOf(nodeId: string, pattern: string): Generator<string> {
    for (const key of this.#groups.get(nodeKey(nodeId, pattern))?.keys ?? [])
      if (this.#state.nodes[key]) yield key
  }

  /** All steps of the execution. */
  get counts(): StepCounts {
    if (this.#counts) return this.#counts
    const counts: StepCounts = {}
    for (const key in this.#state.nodes) count(counts, this.#state.nodes[key]!.status)
    return (this.#counts = counts)
  }

  #touch(groupKey: string, key: string): void {
    const group = this.#groups.get(groupKey)
    if (!group) this.#groups.set(groupKey, { keys: new Set([key]), made: undefined })
    else {
      group.keys.add(key)
      group.made = undefined
    }
  }

  #forgetAll(): void {
    for (const group of this.#groups.values()) group.made = undefined
  }

  #patternsOf(scope: string): string[] {
    let known = this.#patterns.get(scope)
    if (!known) this.#patterns.set(scope, (known = scope === "" ? [] : patternsOf(scope)))
    return known
  }
}

const none: ReadonlySet<string> = new Set()

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

const count = (counts: StepCounts, status: NodeStatus): void => {
  counts[status] = (counts[status] ?? 0) + 1
}

/** The status that matters most comes first. */
const precedence: readonly NodeStatus[] = [
  "interrupted",
  "running",
  "retrying",
  "waiting",
  "ready",
  "failed",
  "cancelled",
  "succeeded",
  "skipped",
]

function groupOf(state: ExecutionState, nodeId: string, pattern: string, keys: Iterable<string>): StepGroup {
  const counts: StepCounts = {}
  const run: NodeState = { ...newNode(nodeId, pattern), attempt: 1 }
  const handles = new Set<string>()
  let total = 0
  let input = 0
  let output = 0
  for (const key of keys) {
    const one = state.nodes[key]
    if (!one) continue
    total++
    count(counts, one.status)
    run.cost_micros += one.cost_micros
    input += one.usage?.input_tokens ?? 0
    output += one.usage?.output_tokens ?? 0
    for (const handle of one.handles) handles.add(handle)
    if (one.started_at !== undefined && !(run.started_at! <= one.started_at)) run.started_at = one.started_at
    if (one.finished_at !== undefined && !(run.finished_at! >= one.finished_at))
      run.finished_at = one.finished_at
  }
  run.status = precedence.find((status) => counts[status] !== undefined) ?? "ready"
  run.handles = [...handles]
  if (input + output > 0) run.usage = { input_tokens: input, output_tokens: output }
  if (isUnderWay(run.status)) run.finished_at = undefined
  return { run, counts, total }
}

/** "34 done, 3 running, 1 failed": where the iterations of a node stand, as far as there are any. */
export function sayCounts(counts: StepCounts): string {
  const many = (statuses: readonly NodeStatus[], word: string): string | false => {
    const n = statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0)
    return n > 0 && `${n.toLocaleString("en")} ${word}`
  }
  return [
    many(["interrupted"], "interrupted"),
    many(["failed"], "failed"),
    many(["running", "retrying", "ready"], "running"),
    many(["waiting"], "waiting"),
    many(["succeeded"], "done"),
    many(["cancelled"], "cancelled"),
    many(["skipped"], "skipped"),
  ]
    .filter(Boolean)
    .join(", ")
}
