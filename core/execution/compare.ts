import { isJsonObject, type Json } from "#core/json"
import type { StepError } from "./event.ts"
import { nodeKey } from "./state.ts"
import type { NodeStatus } from "./status.ts"

/** What is compared of a step. */
export type ComparedStep = {
  node_id: string
  scope: string
  status: NodeStatus
  input: Json
  output: Json
  error: StepError | null
  duration_ms: number | null
  cost_micros: number
}

/** What is compared of an execution; its steps in the order in which a page shows them. */
export type ComparedExecution = {
  inputs: Json
  outputs: Json
  error: StepError | null
  nodes: readonly ComparedStep[]
}

/** A path at which two values differ, with what stands there; absent on the side that has nothing. */
export type Difference = { path: string; left?: Json; right?: Json }

type Standing = Pick<ComparedStep, "status" | "duration_ms" | "cost_micros">

export type StepComparison = {
  key: string
  node_id: string
  scope: string
  change: "same" | "changed" | "only_left" | "only_right"
  left: Standing | null
  right: Standing | null
  differences: Difference[]
}

/** Differences that are told of one step, and of all. */
const mostOfOne = 100
const mostOfAll = 5_000
/** Characters of a value that are shown; who wants more opens the step. */
const mostShown = 1_000

/** Two executions side by side: steps by their keys, values by their paths. */
export function compare(
  left: ComparedExecution,
  right: ComparedExecution,
): { steps: StepComparison[]; differences: Difference[] } {
  const differences = differencesIn(mostOfOne, [
    ["inputs", left.inputs, right.inputs],
    ["outputs", left.outputs, right.outputs],
    ["error", plain(left.error), plain(right.error)],
  ])
  let budget = mostOfAll
  const steps = pairs(left.nodes, right.nodes).map((pair) => {
    const step = compareStep(pair, Math.min(budget, mostOfOne))
    budget -= step.differences.length
    return step
  })
  return { steps, differences }
}

type Pair = readonly [ComparedStep, ComparedStep | undefined] | readonly [undefined, ComparedStep]

const keyOf = (step: ComparedStep): string => nodeKey(step.node_id, step.scope)

/** The steps of the left in their order; those that only the right has, after the step that they follow there. */
function pairs(left: readonly ComparedStep[], right: readonly ComparedStep[]): Pair[] {
  const [ours, theirs] = [left, right].map((steps) => new Map(steps.map((step) => [keyOf(step), step])))
  const following = new Map<string, ComparedStep[]>()
  let last = ""
  for (const step of right) {
    if (ours!.has(keyOf(step))) last = keyOf(step)
    else following.set(last, [...(following.get(last) ?? []), step])
  }
  const after = (key: string): Pair[] => (following.get(key) ?? []).map((step) => [undefined, step])
  return [
    ...after(""),
    ...left.flatMap((step): Pair[] => [[step, theirs!.get(keyOf(step))], ...after(keyOf(step))]),
  ]
}

function compareStep([left, right]: Pair, most: number): StepComparison {
  const step = left ?? right
  const place = { key: keyOf(step), node_id: step.node_id, scope: step.scope }
  const sides = { left: left ? standing(left) : null, right: right ? standing(right) : null }
  if (!left || !right)
    return { ...place, ...sides, change: left ? "only_left" : "only_right", differences: [] }
  const differences = differencesIn(Math.max(most, 1), [
    ["input", left.input, right.input],
    ["output", left.output, right.output],
    ["error", plain(left.error), plain(right.error)],
  ])
  const isSame = differences.length === 0 && left.status === right.status
  return {
    ...place,
    ...sides,
    change: isSame ? "same" : "changed",
    differences: differences.slice(0, most),
  }
}

const standing = ({ status, duration_ms, cost_micros }: ComparedStep): Standing => ({
  status,
  duration_ms,
  cost_micros,
})

const plain = (error: StepError | null): Json =>
  error && {
    code: error.code,
    message: error.message,
    ...(error.node_id === undefined ? {} : { node_id: error.node_id }),
  }

/** Times that the engine wrote, which differ each time: until when a wait rests, and when a person answered. */
const isOwnTime = (path: string): boolean => path === "input.until" || path === "output.answered_at"

function differencesIn(most: number, values: [path: string, left: Json, right: Json][]): Difference[] {
  const found: Difference[] = []
  for (const [path, left, right] of values) collect(found, most, path, left, right)
  return found
}

function collect(
  found: Difference[],
  most: number,
  path: string,
  left: Json | undefined,
  right: Json | undefined,
): void {
  if (found.length >= most || left === right) return
  if (Array.isArray(left) && Array.isArray(right)) {
    const length = Math.max(left.length, right.length)
    for (let i = 0; i < length && found.length < most; i++)
      collect(found, most, `${path}.${i}`, left[i], right[i])
    return
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      collect(found, most, `${path}.${name}`, ownOf(left, name), ownOf(right, name))
    }
    return
  }
  if (isOwnTime(path) && typeof left === "string" && typeof right === "string") return
  found.push({
    path,
    ...(left === undefined ? {} : { left: shown(left) }),
    ...(right === undefined ? {} : { right: shown(right) }),
  })
}

/** Names may be those that every object inherits. */
const ownOf = (value: { [name: string]: Json }, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined

function shown(value: Json): Json {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  if (text.length <= mostShown) return value
  return `${text.slice(0, mostShown)}… (${text.length} characters)`
}
