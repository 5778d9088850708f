import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { jsonIn, listOf, objectsOf, textOf } from "../fields.ts"
import { expression } from "../words.ts"
import type { Mapped } from "./step.ts"
import type { Variables } from "./variables.ts"

/** One variable that a step sets. `value` is a selector, or the value itself. */
type Assignment = {
  holder: string
  name: string
  operation: string
  value: { selector: Json[] } | { constant: Json }
}

/** What an assigner sets, in the shape of its first version and of its second. */
export function assignmentsOf(data: JsonObject): Assignment[] {
  const at = (selector: Json | undefined) => {
    const [holder = "", ...name] = listOf(selector).map(textOf)
    return { holder, name: name.join(".") }
  }
  if (!Array.isArray(data["items"]))
    return listOf(data["assigned_variable_selector"]).length < 2
      ? []
      : [
          {
            ...at(data["assigned_variable_selector"]),
            operation: textOf(data["write_mode"]) || "over-write",
            value: { selector: listOf(data["input_variable_selector"]) },
          },
        ]
  return objectsOf(data["items"]).map((one) => ({
    ...at(one["variable_selector"]),
    operation: textOf(one["operation"]) || "over-write",
    value:
      one["input_type"] === "variable"
        ? { selector: listOf(one["value"]) }
        : { constant: one["value"] ?? null },
  }))
}

/** A value of a variable as it is written in a file, where numbers and lists may be texts. */
export function typed(value: Json | undefined, type: string): Json {
  if (value === undefined || value === null || value === "") return emptyOf(type)
  if (typeof value !== "string" || type === "string" || type === "secret" || type === "") return value
  const read = jsonIn(value)
  if (read === undefined) return value
  const isRight = type.startsWith("array")
    ? Array.isArray(read)
    : type === "object"
      ? isJsonObject(read)
      : typeof read === type || (typeof read === "number" && type !== "boolean")
  return isRight ? read : value
}

const emptyOf = (type: string): Json => {
  if (type.startsWith("array")) return []
  const empty: Record<string, Json> = { number: 0, integer: 0, float: 0, object: {}, boolean: false }
  return empty[type] ?? ""
}

/** A step that sets variables, as a value that the steps after it read in their place; `typeOf` says of which type each is. */
export function assignStep(
  data: JsonObject,
  words: Variables,
  typeOf: (holder: string, name: string) => string,
): Mapped {
  const set = new Map<string, string>()
  for (const { holder, name, operation, value } of assignmentsOf(data)) {
    const type = typeOf(holder, name)
    const before = set.get(name) ?? words.selected([holder, name])
    const given =
      "selector" in value ? words.selected(value.selector) : JSON.stringify(typed(value.constant, type))
    const made = assigned(operation, before, given, type)
    if (made === undefined)
      return { made: { opaque: `Variables are not set by ${operation.slice(0, 40)} here.` } }
    set.set(name, made)
  }
  const value = Object.fromEntries([...set].map(([name, made]) => [name, expression(made)]))
  return { made: { type: "transform", data: { value }, notes: [] } }
}

function assigned(operation: string, before: string, given: string, type: string): string | undefined {
  switch (operation) {
    case "over-write":
    case "set":
      return given
    case "clear":
      return JSON.stringify(emptyOf(type))
    case "append":
    case "extend":
      return `$append(${before}, ${operation === "append" ? `[${given}]` : given})`
    case "remove-first":
      return `[$filter(${before}, function($one, $i) { $i > 0 })]`
    case "remove-last":
      return `[$filter(${before}, function($one, $i, $all) { $i < $count($all) - 1 })]`
    case "+=":
    case "-=":
    case "*=":
    case "/=":
      return `(${before} ${operation[0]} ${given})`
    default:
      return undefined
  }
}
