import type { InputFault } from "#core/errors"
import { stringsIn } from "#core/flow/kinds/kind"
import { schemaFaults, withDefaults } from "#core/json-schema"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

/** Words of a schema that judge an object as a whole: of arguments that are known in part they say nothing. */
const ofTheWhole = [
  "required",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependentRequired",
  "dependentSchemas",
  "minProperties",
]

/**
 * What is wrong with the arguments that a node gives to a tool, as far as it is seen before an execution: what is missing, what the tool
 * does not take, and written values that do not fit. Those with expressions are judged when they are resolved. Paths begin with the
 * argument's name; the empty one means all of them.
 */
export function toolInputFaults(schema: JsonObject, inputs: Json | undefined): InputFault[] {
  if (typeof inputs === "string")
    return isWritten(inputs) ? [{ path: "", message: "Write an expression that makes an object." }] : []
  if (inputs !== undefined && !isJsonObject(inputs)) return []
  const given = inputs ?? {}
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {}
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  const filled = withDefaults(schema, given)
  const missing = required.flatMap((name) =>
    typeof name === "string" && !Object.hasOwn(filled, name)
      ? [{ path: name, message: "The tool needs this argument." }]
      : [],
  )
  const strange =
    schema["additionalProperties"] === false
      ? Object.keys(given)
          .filter((name) => !Object.hasOwn(properties, name))
          .map((name) => ({ path: name, message: `The tool has no argument ${name}.` }))
      : []
  return [...missing, ...strange, ...misfits(schema, given, new Set(strange.map((one) => one.path)))]
}

function misfits(schema: JsonObject, given: JsonObject, strange: ReadonlySet<string>): InputFault[] {
  const written = Object.entries(given).filter(
    ([name, value]) => !strange.has(name) && stringsIn(value, "").every((one) => isWritten(one.text)),
  )
  const parts = Object.fromEntries(Object.entries(schema).filter(([key]) => !ofTheWhole.includes(key)))
  const names = new Set(written.map(([name]) => name))
  return schemaFaults(parts, Object.fromEntries(written)).filter(({ path }) =>
    names.has(path.split(".", 1)[0] ?? ""),
  )
}

/** Whether a text stands for itself: it holds no expression. */
const isWritten = (text: string): boolean => !text.includes("{{")
