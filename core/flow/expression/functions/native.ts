import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { parseSignature } from "../interpreter/signature.ts"
import {
  Func,
  isList,
  isObject,
  Native,
  type Implementation,
  type List,
  type Obj,
  type Value,
} from "../interpreter/value.ts"

export type NativeTable = Record<string, Native>

/**
 * A built-in function. The signature checks and completes the arguments before the implementation sees them. `arity` is what JSONata's
 * own function declares: it decides how many arguments `$map` and the like hand over.
 */
export const native = (signature: string, arity: number, implementation: Implementation): Native =>
  new Native(arity, parseSignature(signature), implementation)

/** A function that answers nothing when its first argument is missing, as most do. */
export const given = (
  signature: string,
  arity: number,
  implementation: (first: Exclude<Value, undefined>, rest: readonly Value[], budget: Budget) => Value,
): Native =>
  native(signature, arity, ([first, ...rest], budget) =>
    first === undefined ? undefined : implementation(first, rest, budget),
  )

const mismatch = (what: string) => failed(`An argument must be ${what}.`)

/** An argument as a text. */
export function text(value: Value): string {
  if (typeof value === "string") return value
  throw mismatch("a text")
}

/** An argument as a number. */
export function number(value: Value): number {
  if (typeof value === "number") return value
  throw mismatch("a number")
}

/** An argument as an array. */
export function list(value: Value): List {
  if (isList(value)) return value
  throw mismatch("an array")
}

/** An argument as an object. */
export function object(value: Value): Obj {
  if (isObject(value)) return value
  throw mismatch("an object")
}

/** An argument as a function. */
export function func(value: Value): Func {
  if (value instanceof Func) return value
  throw mismatch("a function")
}

export const optionalText = (value: Value): string | undefined =>
  value === undefined ? undefined : text(value)

export const optionalNumber = (value: Value): number | undefined =>
  value === undefined ? undefined : number(value)
