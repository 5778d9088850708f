import { failed } from "../error.ts"
import { apply, applyTo } from "../interpreter/apply.ts"
import { pushOne, truth } from "../interpreter/data.ts"
import { mergeSort } from "../interpreter/sort.ts"
import type { Budget } from "../limits.ts"
import { emptyObject, Func, sequence, type List, type Obj, type Value } from "../interpreter/value.ts"
import { sortPlain } from "./collections.ts"
import { func, given, list, native, object, type NativeTable } from "./native.ts"

function map(items: List, change: Func, budget: Budget): List {
  const results = sequence()
  items.forEach((item, i) => {
    const result = applyTo(change, [item, i, items], budget)
    if (result !== undefined) pushOne(results, result, budget)
  })
  return results
}

function filter(items: List, keeps: Func, budget: Budget): List {
  const results = sequence()
  items.forEach((item, i) => {
    if (truth(applyTo(keeps, [item, i, items], budget), budget)) pushOne(results, item, budget)
  })
  return results
}

function single(items: List, fits: Func | undefined, budget: Budget): Value {
  const found = fits ? filter(items, fits, budget) : items
  if (found.length === 1) return found[0]
  throw failed(
    `$single expects exactly one item that fits, and found ${found.length === 0 ? "none" : "several"}.`,
  )
}

function reduce(items: List, combine: Func, start: Value, budget: Budget): Value {
  if (combine.arity < 2) throw failed("The function given to $reduce takes at least two arguments.")
  const hasStart = start !== undefined || items.length === 0
  let result = hasStart ? start : items[0]
  for (let i = hasStart ? 0 : 1; i < items.length; i++)
    result = applyTo(combine, [result, items[i], i, items], budget)
  return result
}

function each(from: Obj, change: Func, budget: Budget): List {
  const results = sequence()
  for (const [key, value] of Object.entries(from)) {
    const result = applyTo(change, [value, key, from], budget)
    if (result !== undefined) pushOne(results, result, budget)
  }
  return results
}

function sift(from: Obj, keeps: Func, budget: Budget): Obj | undefined {
  const kept = emptyObject()
  let count = 0
  for (const [key, value] of Object.entries(from)) {
    if (!truth(applyTo(keeps, [value, key, from], budget), budget)) continue
    kept[key] = value
    count++
  }
  budget.object(count)
  return count === 0 ? undefined : kept
}

function sort(items: List, isAfter: Func | undefined, budget: Budget): Value {
  if (items.length <= 1) return items
  if (!isAfter) return sortPlain(items, budget)
  return mergeSort(items, (left, right) => isTruthy(apply(isAfter, [left, right], null, budget)), budget)
}

/** JSONata takes the answer of a comparing function as JavaScript would. */
const isTruthy = (value: Value): boolean => Boolean(value)

export const higherOrder: NativeTable = {
  map: given("<af>", 2, (items, [change], budget) => map(list(items), func(change), budget)),
  filter: given("<af>", 2, (items, [keeps], budget) => filter(list(items), func(keeps), budget)),
  single: given("<af?>", 2, (items, [fits], budget) =>
    single(list(items), fits instanceof Func ? fits : undefined, budget),
  ),
  reduce: given("<afj?:j>", 3, (items, [combine, start], budget) =>
    reduce(list(items), func(combine), start, budget),
  ),
  each: native("<o-f:a>", 2, ([from, change], budget) =>
    from === undefined ? sequence() : each(object(from), func(change), budget),
  ),
  sift: native("<o-f?:o>", 2, ([from, keeps], budget) => {
    if (from === undefined) return undefined
    if (!(keeps instanceof Func)) throw failed("$sift needs a function that says which fields to keep.")
    return sift(object(from), keeps, budget)
  }),
  sort: given("<af?:a>", 2, (items, [isAfter], budget) =>
    sort(list(items), isAfter instanceof Func ? isAfter : undefined, budget),
  ),
}
