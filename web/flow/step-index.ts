import type { ExecutionEvent } from "#core/execution/event"
import { holdersOf, newNode, nodeKey, type ExecutionState, type NodeState } from "#core/execution/state"
import type { Micros } from "#core/money"
import { isUnderWay, type NodeStatus } from "#core/execution/status"
import { placesOf, splitKey } from "./scope-path.ts"

/** How many steps stand where. */
export type StepCounts = Partial<Record<NodeStatus, number>>

/** A node in all the iterations that reached it, as one. */
export type StepGroup = {
  /** What the canvas shows in place of one step: the status that matters most, and the sums. */
  run: NodeState
  counts: StepCounts
  total: number
}

type Group = { keys: Set<string>; made: StepGroup | undefined }

/** What the models that were asked at a step, and within it, have used. */
type Spent = { input_tokens: number; output_tokens: number; cost_micros: Micros }
type Asked = Extract<ExecutionEvent, { type: "model.finished" }>["data"]
type Whole = { run: NodeState; spent: Spent; whole: NodeState }

/**
 * Where the steps of an execution are: by the scope that they stand under, and by place over iterations. Kept beside the state
 * as events come, since a search through thousands of steps for each node and frame is what makes a page slow.
 */
export class StepIndex {
  readonly #state: ExecutionState
  readonly #byScope = new Map<string, Set<string>>()
  readonly #scopes = new Map<string, Set<string>>()
  readonly #groups = new Map<string, Group>()
  readonly #placesOf = new Map<string, string[]>()
  readonly #spent = new Map<string, Spent>()
  readonly #wholes = new Map<string, Whole>()
  #counts: StepCounts | undefined
  /** Rises with every event but the pieces of streamed text: what does not show words depends on this alone. */
  shape = 0

  constructor(state: ExecutionState) {
    this.#state = state
  }

  /** Takes in an event that the state has just taken in. */
  note(event: ExecutionEvent): void {
    // Words that stream in change the text of one step and nothing else: there are thousands of them.
    if (event.type === "model.delta" || event.type === "node.delta") return undefined
    this.shape++
    this.#counts = undefined
    if (!("node_id" in event) || event.node_id === undefined) return this.#forgetAll()
    const scope = event.scope ?? ""
    const key = nodeKey(event.node_id, scope)
    const node = this.#state.nodes[key]
    if (event.type === "model.finished") this.#spend(key, scope, event.data)
    if (event.type === "scope.opened") addTo(this.#scopes, key, event.data.path)
    // These may end or forget other steps than their own.
    if (event.type.startsWith("scope.") || node?.progress) this.#forgetAll()
    if (!node) return
    addTo(this.#byScope, scope, key)
    for (const place of this.#placesFor(scope)) this.#touch(nodeKey(event.node_id, place), key)
  }

  /** The keys of the steps right under a scope, in the order in which they were reached. */
  *stepsIn(scope: string): Generator<string> {
    for (const key of this.#byScope.get(scope) ?? []) if (this.#state.nodes[key]) yield key
  }

  /** The scopes that a node's body was executed under, in the order in which they were opened. */
  scopesOf(key: string): ReadonlySet<string> {
    return this.#scopes.get(key) ?? none
  }

  /** How many steps have opened a body so far: it rises when there is something more to look into. */
  get held(): number {
    return this.#scopes.size
  }

  /** A node in all iterations of a place such as `each/draft`; the same object until one of them changes. */
  group(place: string): StepGroup | undefined {
    const group = this.#groups.get(place)
    if (group) group.made ??= groupOf(this.#state, group.keys)
    return group?.made
  }

  /**
   * A step, or a node in all iterations of a place, with what was spent at it and within it: an agent's thoughts and those of whom
   * it handed work to are what the agent costs. The same object until one of them changes.
   */
  whole(place: string): NodeState | undefined {
    const run = this.#state.nodes[place] ?? this.group(place)?.run
    const spent = this.#spent.get(place)
    if (!run || !spent) return run
    const known = this.#wholes.get(place)
    if (known?.run === run && known.spent === spent) return known.whole
    const { input_tokens, output_tokens, cost_micros } = spent
    const whole = { ...run, usage: { ...run.usage, input_tokens, output_tokens }, cost_micros }
    this.#wholes.set(place, { run, spent, whole })
    return whole
  }

  /** The keys of the steps at a place, in the order in which they were reached. */
  *keysAt(place: string): Generator<string> {
    if (this.#state.nodes[place]) yield place
    else for (const key of this.#groups.get(place)?.keys ?? []) if (this.#state.nodes[key]) yield key
  }

  /** All steps of the execution. */
  get counts(): StepCounts {
    if (this.#counts) return this.#counts
    const counts: StepCounts = {}
    for (const key in this.#state.nodes) count(counts, this.#state.nodes[key]!.status)
    return (this.#counts = counts)
  }

  #touch(place: string, key: string): void {
    const group = this.#groups.get(place)
    if (!group) this.#groups.set(place, { keys: new Set([key]), made: undefined })
    else {
      group.keys.add(key)
      group.made = undefined
    }
  }

  #spend(key: string, scope: string, { usage, cost_micros }: Asked): void {
    for (const at of [key, ...holdersOf(scope)]) {
      const { scope: under, node_id } = splitKey(at)
      for (const place of [at, ...this.#placesFor(under).map((one) => nodeKey(node_id, one))]) {
        const before = this.#spent.get(place)
        this.#spent.set(place, {
          input_tokens: (before?.input_tokens ?? 0) + usage.input_tokens,
          output_tokens: (before?.output_tokens ?? 0) + usage.output_tokens,
          cost_micros: (before?.cost_micros ?? 0) + cost_micros,
        })
      }
    }
  }

  #forgetAll(): void {
    for (const group of this.#groups.values()) group.made = undefined
  }

  #placesFor(scope: string): string[] {
    let known = this.#placesOf.get(scope)
    if (!known) this.#placesOf.set(scope, (known = scope === "" ? [] : placesOf(scope)))
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

/** What asks for attention, or is moving, says how a place stands; else a failure does. */
const rank: readonly NodeStatus[] = [
  "interrupted",
  "running",
  "retrying",
  "ready",
  "waiting",
  "failed",
  "cancelled",
  "succeeded",
  "skipped",
]

function groupOf(state: ExecutionState, keys: Iterable<string>): StepGroup | undefined {
  const counts: StepCounts = {}
  const handles = new Set<string>()
  let run: NodeState | undefined
  let total = 0
  let input = 0
  let output = 0
  for (const key of keys) {
    const one = state.nodes[key]
    // A scope that is begun anew has forgotten its steps.
    if (!one) continue
    total++
    count(counts, one.status)
    input += one.usage?.input_tokens ?? 0
    output += one.usage?.output_tokens ?? 0
    for (const handle of one.handles) handles.add(handle)
    run ??= { ...newNode(one.node_id, one.scope), attempt: 1, started_at: one.started_at }
    run.cost_micros += one.cost_micros
    if (one.started_at !== undefined && (run.started_at ?? "~") > one.started_at)
      run.started_at = one.started_at
    if (one.finished_at !== undefined && (run.finished_at ?? "") < one.finished_at)
      run.finished_at = one.finished_at
  }
  if (!run) return undefined
  run.status = rank.find((one) => counts[one] !== undefined) ?? "ready"
  run.handles = [...handles]
  if (input + output > 0) run.usage = { input_tokens: input, output_tokens: output }
  if (isUnderWay(run.status)) run.finished_at = undefined
  return { run, counts, total }
}

/** "1 failed, 3 running, 34 done": where the iterations of a node stand, as far as there are any. */
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
