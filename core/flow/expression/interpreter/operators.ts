import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { stringify } from "./stringify.ts"
import { isEqual, isNumeric } from "./data.ts"
import { isList, sequence, type Value } from "./value.ts"

/** What an operator makes of its two sides. */
export type Operation = (left: Value, right: Value, budget: Budget) => Value

type Calculation = (left: number, right: number) => number

const arithmetic =
  (symbol: string, calculate: Calculation): Operation =>
  (left, right) => {
    if (left !== undefined && !isNumeric(left)) throw notANumber("left", symbol)
    if (right !== undefined && !isNumeric(right)) throw notANumber("right", symbol)
    return left === undefined || right === undefined ? undefined : calculate(left, right)
  }

const notANumber = (side: string, symbol: string) =>
  failed(`The ${side} side of ${symbol} is not a number. Use $number() to make one.`)

type Comparison = (left: string | number, right: string | number) => boolean

const comparison =
  (symbol: string, holds: Comparison): Operation =>
  (left, right, budget) => {
    if (!isComparable(left) || !isComparable(right))
      throw failed(`Both sides of ${symbol} must be numbers or texts.`)
    if (left === undefined || right === undefined) return undefined
    if (typeof left !== typeof right)
      throw failed(`Both sides of ${symbol} must be of one type: two numbers, or two texts.`)
    if (typeof left === "string") budget.read(left)
    return holds(left, right)
  }

const isComparable = (value: Value): value is string | number | undefined =>
  value === undefined || typeof value === "string" || typeof value === "number"

const equality: Operation = (left, right, budget) =>
  left !== undefined && right !== undefined && isEqual(left, right, budget)

const inequality: Operation = (left, right, budget) =>
  left !== undefined && right !== undefined && !isEqual(left, right, budget)

const membership: Operation = (left, right, budget) => {
  if (left === undefined || right === undefined) return false
  if (!isList(right)) return left === right
  const each = typeof left === "string" ? 1 + left.length / 256 : 1
  budget.spend((right.length / 8) * each)
  return right.includes(left)
}

/** Two texts end to end. Only the shorter one is counted as new: the engine shares the longer one. */
const concatenation: Operation = (left, right, budget) => {
  const first = left === undefined ? "" : stringify(left, budget)
  const second = right === undefined ? "" : stringify(right, budget)
  budget.join(first.length, second.length)
  return first + second
}

const isWhole = (value: Value): value is number => Number.isInteger(value)

const range: Operation = (left, right, budget) => {
  if (left !== undefined && !isWhole(left)) throw failed("The left side of .. is not a whole number.")
  if (right !== undefined && !isWhole(right)) throw failed("The right side of .. is not a whole number.")
  if (left === undefined || right === undefined || left > right) return undefined
  const size = right - left + 1
  budget.list(size)
  const items = sequence()
  for (let i = 0; i < size; i++) items.push(left + i)
  return items
}

export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["+", arithmetic("+", (left, right) => left + right)],
  ["-", arithmetic("-", (left, right) => left - right)],
  ["*", arithmetic("*", (left, right) => left * right)],
  ["/", arithmetic("/", (left, right) => left / right)],
  ["%", arithmetic("%", (left, right) => left % right)],
  ["<", comparison("<", (left, right) => left < right)],
  ["<=", comparison("<=", (left, right) => left <= right)],
  [">", comparison(">", (left, right) => left > right)],
  [">=", comparison(">=", (left, right) => left >= right)],
  ["=", equality],
  ["!=", inequality],
  ["in", membership],
  ["&", concatenation],
  ["..", range],
])
