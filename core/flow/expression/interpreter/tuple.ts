import { emptyObject, isObject, sequence, type Frame, type List, type Obj, type Value } from "./value.ts"

/** The key of a binding under which the item itself lies; variables (`@`, `#`, `%`) lie under their names. */
const ITEM = "@"

export const itemOf = (tuple: Value): Value => (isObject(tuple) ? tuple[ITEM] : undefined)

export const setItem = (tuple: Obj, item: Value): void => {
  tuple[ITEM] = item
}

export function tupleOf(item: Value, frame: Frame): Obj {
  frame.budget.object(1)
  const tuple = emptyObject()
  tuple[ITEM] = item
  return tuple
}

export function copyOf(tuple: Value, frame: Frame): Obj {
  frame.budget.object(4)
  return Object.assign(emptyObject(), tuple)
}

export function tupleStream(): List {
  const stream = sequence()
  stream.tupleStream = true
  return stream
}

/** The frame in which the bindings of a tuple are variables. */
export function frameOf(tuple: Value, frame: Frame): Frame {
  const inner = frame.within()
  if (isObject(tuple)) for (const [name, value] of Object.entries(tuple)) inner.bind(name, value)
  return inner
}
