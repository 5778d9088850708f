import { append, lookup, pushOne } from "./data.ts"
import { Func, isList, sequence, type Frame, type List, type Run, type Value } from "./value.ts"

/** A name in a path: the own field of that name. */
export const field =
  (name: string): Run =>
  (input, frame) =>
    lookup(input, name, frame.budget)

/** `*`: the values of all fields, with arrays laid flat. */
export function wildcard(input: Value, frame: Frame): Value {
  const { budget } = frame
  let results: List = sequence()
  for (const value of valuesOf(input)) {
    if (isList(value)) results = append(results, flat(value, [], frame), budget)
    else pushOne(results, value, budget)
  }
  return results
}

/** `**`: the value and everything inside it. */
export function descendants(input: Value, frame: Frame): Value {
  if (input === undefined) return undefined
  const results = sequence()
  collect(input, results, frame)
  return results.length === 1 ? results[0] : results
}

function valuesOf(value: Value): readonly Value[] {
  if (isList(value)) return value
  return typeof value === "object" && value !== null && !(value instanceof Func) ? Object.values(value) : []
}

function flat(value: Value, into: List, frame: Frame): List {
  if (isList(value)) for (const item of value) flat(item, into, frame)
  else pushOne(into, value, frame.budget)
  return into
}

function collect(value: Value, into: List, frame: Frame): void {
  frame.budget.step()
  if (!isList(value)) pushOne(into, value, frame.budget)
  for (const item of valuesOf(value)) collect(item, into, frame)
}
