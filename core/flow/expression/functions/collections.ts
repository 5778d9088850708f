import { ExpressionError, failed } from "../error.ts"
import { append, isEqual, lookup, pushAll, pushOne } from "../interpreter/data.ts"
import { isOrdered, mergeSort } from "../interpreter/sort.ts"
import { clone } from "../interpreter/transform.ts"
import type { Budget } from "../limits.ts"
import {
  emptyObject,
  Func,
  isList,
  isObject,
  isSequence,
  sequence,
  type List,
  type Obj,
  type Value,
} from "../interpreter/value.ts"
import { given, list, native, optionalText, text, type NativeTable } from "./native.ts"

function keysOf(value: Value, budget: Budget): List {
  const keys = sequence()
  if (isObject(value)) pushAll(keys, Object.keys(value), budget)
  if (!isList(value)) return keys
  const all = emptyObject()
  for (const item of value) for (const key of keysOf(item, budget)) all[text(key)] = true
  pushAll(keys, Object.keys(all), budget)
  return keys
}

function spread(value: Value, budget: Budget): Value {
  if (isList(value)) {
    const all: List = []
    for (const item of value) {
      const parts = spread(item, budget)
      if (isList(parts)) pushAll(all, parts, budget)
      else if (parts !== undefined) pushOne(all, parts, budget)
    }
    return value.length === 0 ? sequence() : all
  }
  if (!isObject(value)) return value
  const parts = sequence()
  for (const [key, item] of Object.entries(value)) {
    budget.object(1)
    const part = emptyObject()
    part[key] = item
    pushOne(parts, part, budget)
  }
  return parts
}

function merge(objects: List, budget: Budget): Obj {
  const merged = emptyObject()
  for (const one of objects) {
    const entries = isObject(one) ? Object.entries(one) : []
    budget.object(entries.length)
    for (const [key, value] of entries) merged[key] = value
  }
  return merged
}

function distinct(value: Value, budget: Budget): Value {
  if (!isList(value) || value.length <= 1) return value
  const results: List = isSequence(value) ? sequence() : []
  const seen = new Set<Value>()
  const objects: Value[] = []
  for (const item of value) {
    budget.spend(0.25)
    if (typeof item === "string") budget.read(item)
    const isPlain = typeof item !== "object" || item === null
    if (seen.has(item) || (!isPlain && objects.some((other) => isEqual(item, other, budget)))) continue
    seen.add(item)
    if (!isPlain) objects.push(item)
    pushOne(results, item, budget)
  }
  return results
}

function zip(lists: readonly Value[], budget: Budget): List {
  const length = lists.reduce<number>(
    (least, one) => Math.min(least, isList(one) ? one.length : 0),
    lists.length === 0 ? 0 : Infinity,
  )
  const rows: List = []
  for (let i = 0; i < length; i++) {
    budget.list(lists.length)
    pushOne(
      rows,
      lists.map((one) => list(one)[i]),
      budget,
    )
  }
  return rows
}

/** Orders texts or numbers. */
export function sortPlain(items: List, budget: Budget): Value {
  if (items.length <= 1) return items
  const type = typeof items[0]
  const ordered = items.filter((item): item is string | number => isOrdered(item) && typeof item === type)
  if (ordered.length < items.length)
    throw failed("$sort by itself orders texts or numbers. Give it a function for anything else.")
  return mergeSort(
    ordered,
    (left, right) => {
      budget.spend(0.5)
      return left > right
    },
    budget,
  )
}

function lookedUp(value: Value, key: string, budget: Budget): Value {
  budget.read(key)
  return lookup(value, key, budget)
}

/** What `$type` says. */
function typeName(value: Exclude<Value, undefined>): string {
  if (value === null) return "null"
  if (isList(value)) return "array"
  return value instanceof Func ? "function" : typeof value
}

function reversed(items: List, budget: Budget): List {
  if (items.length <= 1) return items
  budget.list(items.length)
  return items.toReversed()
}

const said = (message: Value, otherwise: string) =>
  new ExpressionError("expression.failed", (optionalText(message) || otherwise).slice(0, 2_000))

export const collections: NativeTable = {
  count: native("<a:n>", 1, ([items]) => (items === undefined ? 0 : list(items).length)),
  append: native("<xx:a>", 2, ([left, right], budget) => append(left, right, budget)),
  reverse: given("<a:a>", 1, (items, _, budget) => reversed(list(items), budget)),
  distinct: given("<x:x>", 1, (value, _, budget) => distinct(value, budget)),
  zip: native("<a+>", 0, (lists, budget) => zip(lists, budget)),
  keys: native("<x-:a<s>>", 1, ([value], budget) => keysOf(value, budget)),
  lookup: native("<x-s:x>", 2, ([value, key], budget) =>
    key === undefined ? undefined : lookedUp(value, text(key), budget),
  ),
  spread: native("<x-:a<o>>", 1, ([value], budget) => spread(value, budget)),
  merge: given("<a<o>:o>", 1, (objects, _, budget) => merge(list(objects), budget)),
  clone: given("<(oa)-:o>", 1, (value, _, budget) => clone(value, budget)),
  exists: native("<x:b>", 1, ([value]) => value !== undefined),
  type: given("<x:s>", 1, (value) => typeName(value)),
  error: native("<s?:x>", 1, ([message]) => {
    throw said(message, "The expression called $error.")
  }),
  assert: native("<bs?:x>", 2, ([holds, message]) => {
    if (holds !== true) throw said(message, "An $assert did not hold.")
    return undefined
  }),
}
