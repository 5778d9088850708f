import { isJsonObject, type Json, type JsonObject } from "#core/json"

/**
 * A JSON Schema is never parsed into something else and written anew: each change is made in the schema itself, so that whatever
 * the builder does not show stays as and where it is.
 */
export const schemaTypes = ["string", "number", "integer", "boolean", "array", "object"] as const
export type SchemaType = (typeof schemaTypes)[number]

/** One property of an object, as the builder shows it. A schema may be anything here: a boolean is one too. */
export type Property = { name: string; schema: Json; required: boolean }

/** The one type that a schema names, if the builder has a control for it. */
export const typeOf = (schema: Json | undefined): SchemaType | null =>
  isJsonObject(schema) ? (schemaTypes.find((type) => type === schema["type"]) ?? null) : null

const requiredOf = (schema: JsonObject): Json[] =>
  Array.isArray(schema["required"]) ? schema["required"] : []

/** The properties of an object's schema; null where it is no plain object, and only JSON says what it is. */
export function propertiesOf(schema: Json | undefined): Property[] | null {
  if (!isJsonObject(schema) || schema["type"] !== "object") return null
  const { properties = {}, required = [] } = schema
  if (!isJsonObject(properties) || !Array.isArray(required)) return null
  return Object.entries(properties).map(([name, one]) => ({
    name,
    schema: one,
    required: required.includes(name),
  }))
}

/** The schema with these properties in place of its own; every other word of it stays. */
function withProperties(
  schema: JsonObject,
  properties: readonly (readonly [string, Json])[],
  required: readonly Json[],
): JsonObject {
  const made: JsonObject = { ...schema, properties: Object.fromEntries(properties) }
  if (required.length > 0 || schema["required"] !== undefined) made["required"] = [...required]
  // An empty list says nothing; one that was there before stays.
  if (required.length === 0 && requiredOf(schema).length > 0) delete made["required"]
  return made
}

const entriesOf = (schema: JsonObject): [string, Json][] =>
  isJsonObject(schema["properties"]) ? Object.entries(schema["properties"]) : []

/** Changes one property; under another name it keeps its place, among those that are required too. */
export function putProperty(schema: JsonObject, name: string, next: Property): JsonObject {
  const entries = entriesOf(schema).map(([key, one]): [string, Json] =>
    key === name ? [next.name, next.schema] : [key, one],
  )
  const before = requiredOf(schema)
  const renamed = before.map((one) => (one === name ? next.name : one))
  const required = next.required
    ? renamed.includes(next.name)
      ? renamed
      : [...renamed, next.name]
    : renamed.filter((one) => one !== next.name)
  return withProperties(schema, entries, required)
}

export function addProperty(schema: JsonObject, { name, schema: one, required }: Property): JsonObject {
  return withProperties(
    schema,
    [...entriesOf(schema), [name, one]],
    required ? [...requiredOf(schema), name] : requiredOf(schema),
  )
}

export const removeProperty = (schema: JsonObject, name: string): JsonObject =>
  withProperties(
    schema,
    entriesOf(schema).filter(([key]) => key !== name),
    requiredOf(schema).filter((one) => one !== name),
  )

/** A name that no property has yet: `field`, `field_2`, … */
export function freeName(properties: readonly Property[], stem = "field"): string {
  const taken = new Set(properties.map(({ name }) => name))
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem}_${n}`
    if (!taken.has(name)) return name
  }
}

/** What is wrong with the name of a property, in words. Expressions speak of what people fill in by a plain word: `input.name`. */
export function nameFault(name: string, others: readonly string[], isPlain = false): string | undefined {
  if (name.trim() === "") return "Enter a name"
  if (isPlain && !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return "Use a letter, then letters, digits or _"
  if (name.length > 200) return "Use 200 characters at most"
  if (["__proto__", "constructor", "prototype"].includes(name)) return "This name is reserved"
  return others.includes(name) ? "Another field has this name" : undefined
}

/** What a schema of any type may say. */
const common = new Set(["title", "description", "deprecated", "readOnly", "writeOnly", "$comment"])

/** The same schema for values of another type: what is said of the type before goes with it. */
export function withType(schema: Json, type: SchemaType): JsonObject {
  if (typeOf(schema) === type) return schema as JsonObject
  const kept = isJsonObject(schema) ? Object.entries(schema).filter(([key]) => common.has(key)) : []
  const made: JsonObject = { type, ...Object.fromEntries(kept) }
  if (type === "array") made["items"] = { type: "string" }
  if (type === "object") made["properties"] = {}
  return made
}

/** The schema with a word set, or without it. The order of its other words stays. */
export function withWord(schema: JsonObject, word: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...schema, [word]: value }
  const { [word]: _gone, ...rest } = schema
  return rest
}

/** The values that are allowed, where they are of the schema's own simple type; null where it lists others. */
export function choicesOf(schema: JsonObject): (string | number)[] | null {
  const { type, enum: list = [] } = schema
  if (!Array.isArray(list)) return null
  const wanted = type === "string" ? "string" : "number"
  const fits = (one: Json): one is string | number =>
    typeof one === wanted && (type !== "integer" || Number.isInteger(one))
  return list.every(fits) ? list : null
}

/** Choices as a person types them, one a line; null when one of them is no value of the type. */
export function readChoices(text: string, type: SchemaType): (string | number)[] | null {
  const lines = [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "")
  if (type === "string") return lines
  const numbers = lines.map(Number)
  return numbers.every((one) => (type === "integer" ? Number.isInteger(one) : Number.isFinite(one)))
    ? numbers
    : null
}

const shown: Record<SchemaType, readonly string[]> = {
  string: ["enum", "format"],
  number: ["enum"],
  integer: ["enum"],
  boolean: [],
  array: ["items"],
  object: ["properties", "required"],
}

/** The words of a schema that the builder has no control for; they hold all the same. */
export function unshownWords(schema: JsonObject, hasTitle = false): string[] {
  const type = typeOf(schema)
  const own = new Set([
    "type",
    "description",
    "default",
    ...(hasTitle ? ["title"] : []),
    ...(type ? shown[type] : []),
  ])
  const says = (key: string) =>
    (key === "format" && schema["format"] !== longFormat) || (key === "enum" && choicesOf(schema) === null)
  return Object.keys(schema).filter((key) => !own.has(key) || says(key))
}

/** Text over several lines is a hint of ours in `format`, which validators that do not know it ignore. */
export const longFormat = "textarea"
