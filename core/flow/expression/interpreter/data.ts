import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { isList, isObject, sequence, type List, type Value } from "./value.ts"

/** A number that arithmetic may use; an infinite one is refused where it is used. */
export function isNumeric(value: Value): value is number {
  if (typeof value !== "number" || Number.isNaN(value)) return false
  if (!Number.isFinite(value)) throw infinite()
  return true
}

const infinite = () => failed("A number is out of range. Check for a division by zero or a very large power.")

/** The field of an object, or of each object in an array. Own fields only. */
export function lookup(input: Value, key: string, budget: Budget): Value {
  if (isList(input)) {
    const found = sequence()
    for (const item of input) {
      budget.spend(0.5)
      const value = lookup(item, key, budget)
      if (value === undefined) continue
      if (isList(value)) pushAll(found, value, budget)
      else pushOne(found, value, budget)
    }
    return found
  }
  if (isObject(input) && Object.hasOwn(input, key)) return input[key]
  return undefined
}

export function pushOne(list: List, item: Value, budget: Budget): void {
  budget.list(list.length + 1, 1)
  list.push(item)
}

export function pushAll(list: List, items: readonly Value[], budget: Budget): void {
  budget.list(list.length + items.length, items.length)
  for (const item of items) list.push(item)
}

/** Joins two values into one array; the absent ones do not count. */
export function append(left: List, right: Value, budget: Budget): List
export function append(left: Value, right: Value, budget: Budget): Value
export function append(left: Value, right: Value, budget: Budget): Value {
  if (left === undefined) return right
  if (right === undefined) return left
  const first = isList(left) ? left : [left]
  const second = isList(right) ? right : [right]
  budget.list(first.length + second.length)
  return [...first, ...second]
}

/** JSONata's truth: empty texts, lists and objects, 0, null and functions are false; undefined stays undefined. */
export function truth(value: Value, budget: Budget): boolean | undefined {
  if (value === undefined) return undefined
  if (isList(value)) {
    budget.spend(value.length / 4)
    if (value.length === 1) return truth(value[0], budget)
    return value.some((item) => truth(item, budget) === true)
  }
  if (typeof value === "string") return value.length > 0
  if (typeof value === "boolean") return value
  if (isNumeric(value)) return value !== 0
  return isObject(value) && budget.once(value, hasKeys)
}

const hasKeys = (object: object): boolean => Object.keys(object).length > 0

/** Whether two values are the same data. */
export function isEqual(left: Value, right: Value, budget: Budget): boolean {
  budget.spend(0.5)
  if (left === right) {
    if (typeof left === "string") budget.read(left)
    return true
  }
  if (typeof left === "string" && typeof right === "string") {
    if (left.length === right.length) budget.read(left)
    return false
  }
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, i) => isEqual(item, right[i], budget))
  }
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  const others = Object.keys(right)
  budget.spend(2 + keys.length + others.length)
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key], budget))
  )
}
