import type { InputFault } from "#core/errors"
import type { JsonSchema } from "#core/flow/graph"
import { schemaFaults, withDefaults } from "#core/json-schema"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

/** One question of a form that a JSON Schema describes. */
export type FormField = {
  name: string
  title: string
  help: string | undefined
  required: boolean
  control: "text" | "long_text" | "number" | "switch" | "choice" | "json"
  options: Json[]
}

/** The questions of an input schema; null when it names no properties, and the whole input is written as JSON. */
export function formFields(schema: JsonSchema | undefined): FormField[] | null {
  const properties = schema?.["properties"]
  if (!isJsonObject(properties) || Object.keys(properties).length === 0) return null
  const required = Array.isArray(schema?.["required"]) ? schema["required"] : []
  return Object.entries(properties).map(([name, one]) => {
    const property = isJsonObject(one) ? one : {}
    return {
      name,
      title: typeof property["title"] === "string" && property["title"] !== "" ? property["title"] : name,
      help: typeof property["description"] === "string" ? property["description"] : undefined,
      required: required.includes(name),
      control: controlOf(property),
      options: Array.isArray(property["enum"]) ? property["enum"] : [],
    }
  })
}

function controlOf(property: JsonObject): FormField["control"] {
  if (Array.isArray(property["enum"])) return "choice"
  switch (property["type"]) {
    case "string":
      return property["format"] === "textarea" ||
        (Number(property["maxLength"]) || 0) > 300 ||
        hasLongExample(property)
        ? "long_text"
        : "text"
    case "number":
    case "integer":
      return "number"
    case "boolean":
      return "switch"
    default:
      return "json"
  }
}

const hasLongExample = ({ examples }: JsonObject): boolean =>
  Array.isArray(examples) && examples.some((one) => typeof one === "string" && one.length > 120)

/** What the form begins with: the schema's defaults, and what was entered the last time where it still has a place. */
export function startingValues(schema: JsonSchema | undefined, last: JsonObject): JsonObject {
  const fields = formFields(schema)
  if (!fields) return last
  const kept = Object.fromEntries(
    Object.entries(last).filter(([name]) => fields.some((field) => field.name === name)),
  )
  const values = withDefaults(schema, kept)
  for (const { name, control } of fields)
    if (control === "switch" && values[name] === undefined) values[name] = false
  return values
}

/** The faults of the inputs by field, in words that say what to do; an empty record means that they fit. */
export function inputFaults(schema: JsonSchema | undefined, values: JsonObject): Record<string, string> {
  if (schema === undefined) return {}
  const faults: Record<string, string> = {}
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  for (const name of required) {
    if (typeof name === "string" && (values[name] === undefined || values[name] === ""))
      faults[name] = "Fill this in"
  }
  for (const fault of schemaFaults(schema, values)) {
    const name = fieldOfFault(fault)
    faults[name] ??= fault.message
  }
  return faults
}

const fieldOfFault = ({ path }: InputFault): string => path.split(".")[0] ?? ""

/** Empty texts of questions that may be left open are left out, so that the schema's own defaults and checks apply. */
export function withoutBlanks(schema: JsonSchema | undefined, values: JsonObject): JsonObject {
  const required = Array.isArray(schema?.["required"]) ? schema["required"] : []
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== "" || required.includes(name)),
  )
}

/** The first example of each field that has one (JSON Schema's `examples`); undefined when none has. */
export function exampleInputs(schema: JsonSchema | undefined): JsonObject | undefined {
  const properties = schema?.["properties"]
  if (!isJsonObject(properties)) return undefined
  const found = Object.entries(properties).flatMap(([name, field]): [string, Json][] => {
    const examples = isJsonObject(field) ? field["examples"] : undefined
    return Array.isArray(examples) && examples[0] !== undefined ? [[name, examples[0]]] : []
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}
