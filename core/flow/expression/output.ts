import type { Json, JsonObject } from "#core/json"
import { ExpressionError, failed } from "./error.ts"
import { FORBIDDEN_KEY } from "./interpreter/group.ts"
import type { Budget } from "./limits.ts"
import { Func, isList, type Value } from "./interpreter/value.ts"

const MOST_NESTED = 200

/**
 * A value as plain JSON of its own: no sequence flags, no functions, nothing shared with what went in. Its size is counted on the way, so
 * that a result that is too large is never built.
 */
export function toJson(value: Value, budget: Budget, depth = 0): Json | undefined {
  if (value === undefined) return undefined
  if (value === null || typeof value === "boolean") {
    budget.emit(5)
    return value
  }
  if (typeof value === "number") return finite(value, budget)
  if (typeof value === "string") {
    budget.emit(2 + utf8Length(value))
    return value
  }
  if (value instanceof Func) throw failed("The result is or holds a function. Call it, or leave it out.")
  if (depth > MOST_NESTED)
    throw new ExpressionError("expression.output", `The result nests more than ${MOST_NESTED} levels deep.`)
  budget.spend(0.5)
  budget.emit(2)
  if (isList(value)) return value.map((item) => toJson(item, budget, depth + 1) ?? null)
  return plainObject(value, budget, depth)
}

function plainObject(value: { [key: string]: Value }, budget: Budget, depth: number): JsonObject {
  const copy: JsonObject = {}
  for (const key of Object.keys(value)) {
    // Data that came in with this key may be looked at, but is not handed on: set on an ordinary object it would do harm.
    if (key === FORBIDDEN_KEY) continue
    const item = toJson(value[key], budget, depth + 1)
    if (item === undefined) continue
    budget.emit(4 + utf8Length(key))
    copy[key] = item
  }
  return copy
}

function finite(value: number, budget: Budget): number {
  if (!Number.isFinite(value))
    throw failed("The result has a number that is out of range. Check for a division by zero.")
  budget.emit(8)
  return Object.is(value, -0) ? 0 : value
}

/** Bytes of a text in UTF-8. */
function utf8Length(value: string): number {
  let bytes = value.length
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit < 0x80) continue
    // Each half of a surrogate pair counts two of its four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}
