import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import type { Node, NodeOf } from "../syntax.ts"
import { frameOf, itemOf } from "./tuple.ts"
import type { Frame, List, Run, Value } from "./value.ts"

/** Orders the items of a list. */
export type Sorter = (items: List, frame: Frame) => List

type Keyed = { item: Value; keys: Value[] }

/** Makes `^(term, >term)` runnable. */
export function sorter(node: NodeOf<"sort">, lower: (node: Node) => Run): Sorter {
  const terms = node.terms.map((term) => ({ run: lower(term.expression), sign: term.descending ? -1 : 1 }))
  return (items, frame) => {
    if (items.length <= 1) return items
    const isTuples = items.tupleStream === true
    const keyOf = ({ item, keys }: Keyed, i: number): Value => {
      if (i >= keys.length) {
        const run = terms[i]!.run
        keys.push(isTuples ? run(itemOf(item), frameOf(item, frame)) : run(item, frame))
      }
      return keys[i]
    }
    const isAfter = (left: Keyed, right: Keyed): boolean => {
      for (const [i, { sign }] of terms.entries()) {
        frame.budget.spend(2)
        const order = compare(keyOf(left, i), keyOf(right, i), sign)
        if (order !== 0) return order > 0
      }
      return false
    }
    const keyed = items.map((item): Keyed => ({ item, keys: [] }))
    const sorted: List = mergeSort(keyed, isAfter, frame.budget).map(({ item }) => item)
    if (isTuples) {
      sorted.sequence = true
      sorted.tupleStream = true
    }
    return sorted
  }
}

/** Absent values come last in either direction. */
function compare(left: Value, right: Value, sign: number): number {
  if (left === undefined) return right === undefined ? 0 : 1
  if (right === undefined) return -1
  if (!isOrdered(left) || !isOrdered(right)) throw failed("An order needs texts or numbers to compare.")
  if (typeof left !== typeof right) throw failed("An order cannot compare a text with a number.")
  if (left === right) return 0
  return left < right ? -sign : sign
}

/** Whether a value has a place in an order. */
export const isOrdered = (value: Value): value is string | number =>
  typeof value === "string" || typeof value === "number"

/** A stable merge sort that asks only whether one item comes after another, in the order in which JSONata asks. */
export function mergeSort<T>(
  items: readonly T[],
  isAfter: (left: T, right: T) => boolean,
  budget: Budget,
): T[] {
  if (items.length <= 1) return [...items]
  budget.list(items.length)
  const middle = Math.floor(items.length / 2)
  const left = mergeSort(items.slice(0, middle), isAfter, budget)
  const right = mergeSort(items.slice(middle), isAfter, budget)
  const merged: T[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length)
    merged.push(isAfter(left[l]!, right[r]!) ? right[r++]! : left[l++]!)
  while (l < left.length) merged.push(left[l++]!)
  while (r < right.length) merged.push(right[r++]!)
  return merged
}
