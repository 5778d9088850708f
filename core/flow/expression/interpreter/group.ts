import { ExpressionError, failed } from "../error.ts"
import type { Node, Pair } from "../syntax.ts"
import { append, pushAll, pushOne } from "./data.ts"
import { frameOf, itemOf } from "./tuple.ts"
import {
  emptyObject,
  isList,
  isObject,
  type Frame,
  type List,
  type Obj,
  type Run,
  type Value,
} from "./value.ts"

/** Makes an object out of a value: `{ key: value }` by itself, or after a path as group-by. */
export type Grouping = (value: Value, frame: Frame) => Obj

type Entry = { pair: number; data: Value; isOwn: boolean }

/** Keys that objects of the host give a meaning to. Here no object has a prototype, but what comes out should be safe elsewhere. */
export const FORBIDDEN_KEY = "__proto__"

/** Makes the pairs of an object constructor runnable. */
export function grouping(group: { lhs: Pair[]; position?: number }, lower: (node: Node) => Run): Grouping {
  const keys = group.lhs.map(([key]) => lower(key))
  const values = group.lhs.map(([, value]) => lower(value))
  const literal = literalKeys(group.lhs)
  return (value, frame) => {
    if (literal && !isList(value)) return objectOf(literal, values, value, frame)
    const isTuples = isList(value) && value.tupleStream === true
    // No items still make one object, so that a literal works where there is no context.
    const items: readonly Value[] = !isList(value)
      ? [value]
      : value.length === 0 && !isTuples
        ? [undefined]
        : value
    const entries = collect(keys, items, isTuples, frame, group.position)
    frame.budget.object(entries.size)
    const result = emptyObject()
    for (const [key, entry] of entries) {
      const run = values[entry.pair]!
      const found = isTuples ? ofTuples(run, entry.data, frame) : run(entry.data, frame)
      if (found !== undefined) result[key] = found
    }
    return result
  }
}

/** Keys that are written out and differ from each other, as in most objects. */
function literalKeys(pairs: Pair[]): string[] | undefined {
  const keys = pairs.flatMap(([key]) =>
    key.type === "string" && !key.predicate && !key.group ? [key.value] : [],
  )
  return new Set(keys).size === pairs.length && !keys.includes(FORBIDDEN_KEY) ? keys : undefined
}

function objectOf(keys: readonly string[], values: readonly Run[], input: Value, frame: Frame): Obj {
  frame.budget.object(keys.length)
  const result = emptyObject()
  keys.forEach((key, i) => {
    const found = values[i]!(input, frame)
    if (found !== undefined) result[key] = found
  })
  return result
}

function collect(
  keys: readonly Run[],
  items: readonly Value[],
  isTuples: boolean,
  frame: Frame,
  position: number | undefined,
): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const item of items) {
    const inner = isTuples ? frameOf(item, frame) : frame
    const context = isTuples ? itemOf(item) : item
    for (const [pair, run] of keys.entries()) {
      const key = run(context, inner)
      if (key === undefined) continue
      if (typeof key !== "string")
        throw failed("The key of an object must be a text. Use $string().", position)
      if (key === FORBIDDEN_KEY)
        throw new ExpressionError(
          "expression.forbidden",
          `An object cannot have a key ${FORBIDDEN_KEY}.`,
          position,
        )
      frame.budget.read(key)
      const entry = entries.get(key)
      if (!entry) entries.set(key, { pair, data: item, isOwn: false })
      else if (entry.pair === pair) add(entry, item, frame)
      else throw failed(`Two keys of this object are both "${key}".`, position)
    }
  }
  return entries
}

/** Adds an item to a group. The array is made once and then grows, so that large groups stay cheap. */
function add(entry: Entry, item: Value, frame: Frame): void {
  if (item === undefined) return
  if (!entry.isOwn || !isList(entry.data)) {
    entry.data = append(entry.data, item, frame.budget)
    entry.isOwn = isList(entry.data) && entry.data !== item
  } else if (isList(item)) pushAll(entry.data, item, frame.budget)
  else pushOne(entry.data, item, frame.budget)
}

function ofTuples(run: Run, data: Value, frame: Frame): Value {
  const merged = isList(data) ? merge(data, frame) : data
  return run(itemOf(merged), frameOf(merged, frame))
}

/** The bindings of several tuples as one, each variable holding the values of all. */
function merge(tuples: List, frame: Frame): Obj {
  const [first, ...rest] = tuples
  const merged: Obj = Object.assign(emptyObject(), first)
  for (const tuple of rest)
    for (const [name, value] of Object.entries(isObject(tuple) ? tuple : {}))
      merged[name] = append(merged[name], value, frame.budget)
  return merged
}
