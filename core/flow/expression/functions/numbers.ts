import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { truth } from "../interpreter/data.ts"
import type { Value } from "../interpreter/value.ts"
import { given, list, native, number, optionalNumber, type NativeTable } from "./native.ts"

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/
const OTHER_BASE = /^(0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+)$/

/** A text, number or boolean as a number. */
function toNumber(value: Value, budget: Budget): number {
  if (typeof value === "string") budget.read(value)
  if (typeof value === "number") return value
  if (typeof value === "boolean") return value ? 1 : 0
  if (typeof value === "string" && (DECIMAL.test(value) || OTHER_BASE.test(value))) {
    const result = Number(value)
    if (Number.isFinite(result)) return result
  }
  throw failed(`$number cannot read ${shown(value)} as a number.`)
}

const shown = (value: Value) =>
  typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : "this value"

/** Moves the decimal point in the text of a number, where a multiplication would add noise. */
function shifted(value: number, places: number): number {
  const [digits, exponent] = String(value).split("e")
  return Number(`${digits}e${Number(exponent ?? 0) + places}`)
}

/** Rounds to a number of places, halves to the even side. */
function round(value: number, places: number): number {
  const scaled = places === 0 ? value : shifted(value, places)
  let result = Math.round(scaled)
  if (Math.abs(result - scaled) === 0.5 && Math.abs(result % 2) === 1) result--
  const back = places === 0 ? result : shifted(result, -places)
  return Object.is(back, -0) ? 0 : back
}

function power(base: number, exponent: number): number {
  const result = base ** exponent
  if (!Number.isFinite(result))
    throw failed(`$power(${base}, ${exponent}) is not a number that JSON can hold.`)
  return result
}

function squareRoot(value: number): number {
  if (value < 0) throw failed("$sqrt cannot take the root of a negative number.")
  return Math.sqrt(value)
}

function inBase(value: number, radix: number): string {
  const base = round(radix, 0)
  if (!(base >= 2 && base <= 36)) throw failed("The base of $formatBase is a number from 2 to 36.")
  return round(value, 0).toString(base)
}

/** A function of one number. */
const single = (calculate: (value: number) => number) =>
  given("<n-:n>", 1, (value) => calculate(number(value)))

/** A function of all the numbers of an array. */
const total = (calculate: (numbers: readonly number[]) => number | undefined) =>
  given("<a<n>:n>", 1, (values, _, budget) => {
    budget.spend(list(values).length / 8)
    return calculate(list(values).map(number))
  })

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
const best = (numbers: readonly number[], pick: (left: number, right: number) => number) =>
  numbers.length === 0 ? undefined : numbers.reduce((left, right) => pick(left, right))

export const numbers: NativeTable = {
  sum: total(sum),
  max: total((all) => best(all, Math.max)),
  min: total((all) => best(all, Math.min)),
  average: total((all) => (all.length === 0 ? undefined : sum(all) / all.length)),
  number: given("<(nsb)-:n>", 1, (value, _, budget) => toNumber(value, budget)),
  floor: single(Math.floor),
  ceil: single(Math.ceil),
  abs: single(Math.abs),
  sqrt: single(squareRoot),
  round: given("<n-n?:n>", 2, (value, [places]) => round(number(value), optionalNumber(places) ?? 0)),
  power: given("<n-n:n>", 2, (base, [exponent]) =>
    power(number(base), optionalNumber(exponent) ?? Number.NaN),
  ),
  formatBase: given("<n-n?:s>", 2, (value, [radix]) => inBase(number(value), optionalNumber(radix) ?? 10)),
  boolean: native("<x-:b>", 1, ([value], budget) => truth(value, budget)),
  not: native("<x-:b>", 1, ([value], budget) => {
    const answer = truth(value, budget)
    return answer === undefined ? undefined : !answer
  }),
}
