import type { Node, NodeOf } from "../syntax.ts"
import { isNumeric, pushAll, pushOne, truth } from "./data.ts"
import { grouping } from "./group.ts"
import { isPlain, plainPath, walk } from "./plain-path.ts"
import { sorter, type Sorter } from "./sort.ts"
import { copyOf, frameOf, itemOf, setItem, tupleOf, tupleStream } from "./tuple.ts"
import {
  isList,
  isObject,
  sequence,
  sequenceOf,
  type Frame,
  type List,
  type Obj,
  type Run,
  type Value,
} from "./value.ts"

export type Lower = (node: Node) => Run

/** A stage after a step: keeps some of the items, or numbers them. */
type Stage = { filter: Keep } | { index: string }

/** Keeps the items of a value that a predicate selects. */
export type Keep = (value: Value, frame: Frame) => List

type Step = {
  run: Run
  sort: Sorter | undefined
  stages: Stage[]
  consarray: boolean
  tuple: boolean
  focus: string | undefined
  index: string | undefined
  ancestor: string | undefined
}

/** Makes a path runnable. One that only names fields takes a short cut where no array is on its way. */
export function lowerPath(node: NodeOf<"path">, lower: Lower): Run {
  const general = generalPath(node, lower)
  const plain = plainPath(node)
  if (!plain) return general
  const { variable, names } = plain
  return (input, frame) => {
    const found = walk(variable ? frame.lookup(variable) : input, names)
    return isPlain(found) ? found : general(input, frame)
  }
}

function generalPath(node: NodeOf<"path">, lower: Lower): Run {
  const steps = node.steps.map((step) => lowerStep(step, lower))
  const startsWithVariable = node.steps[0]?.type === "variable"
  const group = node.group && grouping(node.group, lower)
  const keepSingleton = node.keepSingletonArray === true
  const staysTuples = node.tuple === true
  return (input, frame) => {
    const start = isList(input) && !startsWithVariable ? input : sequenceOf(input)
    const { values, tuples } = follow(steps, start, frame)
    let result = tuples && !staysTuples ? tuples.reduce(pushItem, sequence()) : (tuples ?? values)
    if (keepSingleton && isList(result)) {
      if (result.cons && !result.sequence) result = sequenceOf(result)
      if (result.sequence) result.keepSingleton = true
    }
    return group ? group(tuples ?? result, frame) : result
  }
}

const pushItem = (items: List, tuple: Value): List => {
  items.push(itemOf(tuple))
  return items
}

function follow(
  steps: readonly Step[],
  start: List,
  frame: Frame,
): { values: Value; tuples: List | undefined } {
  let input: Value = start
  let values: Value
  let tuples: List | undefined
  let isTupleStream = false
  for (const [i, step] of steps.entries()) {
    isTupleStream ||= step.tuple
    if (i === 0 && step.consarray) values = step.run(input, frame)
    else if (isTupleStream) tuples = tupleStep(step, input, tuples, frame)
    else values = plainStep(step, input, frame, i === steps.length - 1)
    if (!isTupleStream && (values === undefined || (isList(values) && values.length === 0))) break
    if (step.focus === undefined) input = isList(values) ? values : sequenceOf(values)
  }
  return { values, tuples }
}

function plainStep(step: Step, input: List, frame: Frame, isLast: boolean): List {
  const { budget } = frame
  if (step.sort) return stagesOf(step, step.sort(input, frame), frame)
  const results = sequence()
  for (const item of input) {
    let value = step.run(item, frame)
    for (const stage of step.stages) if ("filter" in stage) value = stage.filter(value, frame)
    if (value !== undefined) pushOne(results, value, budget)
  }
  const [only] = results
  if (isLast && results.length === 1 && isList(only) && !only.sequence) return only
  const flat = sequence()
  for (const value of results) {
    if (isList(value) && !value.cons) pushAll(flat, value, budget)
    else pushOne(flat, value, budget)
  }
  return flat
}

/** Runs a step for each binding of the stream, and makes the new bindings. */
function tupleStep(step: Step, input: List, bindings: List | undefined, frame: Frame): List {
  const { budget } = frame
  if (step.sort) {
    const sorted = bindings
      ? step.sort(bindings, frame)
      : numbered(step.sort(input, frame), step.index, frame)
    return stagesOf(step, sorted, frame)
  }
  const stream = tupleStream()
  for (const tuple of bindings ?? input.map((item) => tupleOf(item, frame))) {
    const value = step.run(itemOf(tuple), frameOf(tuple, frame))
    if (value === undefined) continue
    const values: List = isList(value) ? value : [value]
    for (const [n, item] of values.entries()) {
      const next = copyOf(tuple, frame)
      if (values.tupleStream) Object.assign(next, item)
      else bindItem(step, next, tuple, item, n)
      pushOne(stream, next, budget)
    }
  }
  return stagesOf(step, stream, frame)
}

function bindItem(step: Step, tuple: Obj, before: Value, item: Value, n: number): void {
  if (step.focus !== undefined) tuple[step.focus] = item
  else setItem(tuple, item)
  if (step.index !== undefined) tuple[step.index] = n
  if (step.ancestor !== undefined) tuple[step.ancestor] = itemOf(before)
}

function numbered(items: List, index: string | undefined, frame: Frame): List {
  const stream = tupleStream()
  for (const [n, item] of items.entries()) {
    const tuple = tupleOf(item, frame)
    if (index !== undefined) tuple[index] = n
    pushOne(stream, tuple, frame.budget)
  }
  return stream
}

function stagesOf(step: Step, input: List, frame: Frame): List {
  let result = input
  for (const stage of step.stages) {
    if ("filter" in stage) result = stage.filter(result, frame)
    else for (const [n, tuple] of result.entries()) if (isObject(tuple)) tuple[stage.index] = n
  }
  return result
}

function lowerStep(node: Node, lower: Lower): Step {
  return {
    run: node.type === "sort" ? () => undefined : lower(node),
    sort: node.type === "sort" ? sorter(node, lower) : undefined,
    stages: (node.stages ?? []).map((stage) =>
      stage.type === "filter" ? { filter: keeper(stage.expr, lower) } : { index: stage.value },
    ),
    consarray: node.consarray === true,
    tuple: node.tuple === true,
    focus: node.focus,
    index: node.index,
    ancestor: node.ancestor?.label,
  }
}

/** Makes a predicate runnable: a number selects by position, anything else by its truth. */
export function keeper(predicate: Node, lower: Lower): Keep {
  if (predicate.type === "number") {
    const position = Math.floor(predicate.value)
    return (value) => {
      const items: List = isList(value) ? value : sequenceOf(value)
      const item = items[position < 0 ? items.length + position : position]
      if (isList(item)) return item
      const kept = keptOf(items)
      if (item !== undefined) kept.push(item)
      return kept
    }
  }
  const selects = lower(predicate)
  return (value, frame) => {
    const items: List = isList(value) ? value : sequenceOf(value)
    const kept = keptOf(items)
    for (const [n, item] of items.entries()) {
      const isTuple = items.tupleStream === true
      const context = isTuple ? itemOf(item) : item
      const answer = selects(context, isTuple ? frameOf(item, frame) : frame)
      for (let times = selections(answer, n, items.length, frame); times > 0; times--)
        pushOne(kept, item, frame.budget)
    }
    return kept
  }
}

function keptOf(items: List): List {
  return items.tupleStream ? tupleStream() : sequence()
}

/** How often a predicate's answer selects the item at `n` of `length`. */
function selections(answer: Value, n: number, length: number, frame: Frame): number {
  const positions: readonly Value[] | undefined = isNumeric(answer)
    ? [answer]
    : isList(answer)
      ? answer
      : undefined
  if (positions) {
    frame.budget.spend(positions.length / 4)
    if (positions.every(isNumeric))
      return positions.reduce<number>((times, position) => times + (isAt(position, n, length) ? 1 : 0), 0)
  }
  return truth(answer, frame.budget) ? 1 : 0
}

const isAt = (position: number, n: number, length: number) =>
  (Math.floor(position) < 0 ? length + Math.floor(position) : Math.floor(position)) === n
