import { format, Validator, type Schema } from "@cfworker/json-schema"
import { RE2JS } from "re2js"
import type { InputFault } from "#core/errors"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

/**
 * JSON Schema 2020-12 for inputs, outputs and structured answers. Patterns come from users, so they run on a linear-time
 * engine: each becomes a format of its own before the validator sees the schema.
 */
const types = new Set(["string", "number", "integer", "boolean", "object", "array", "null"])
const subschemas = [
  "items",
  "additionalProperties",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
  "unevaluatedProperties",
  "unevaluatedItems",
]
const schemaMaps = ["properties", "$defs", "definitions", "dependentSchemas"]
const schemaLists = ["allOf", "anyOf", "oneOf", "prefixItems"]
const mostDepth = 32
const mostPattern = 500
const mostPatterns = 1_000

/** What is wrong with a schema itself; empty when it can be used. */
export function checkSchema(schema: unknown, path = "", depth = 0): InputFault[] {
  const fault = (message: string, at = path): InputFault[] => [{ path: at, message }]
  if (typeof schema === "boolean") return []
  if (!isJsonObject(schema)) return fault("A schema is an object, or true or false.")
  if (depth > mostDepth) return fault(`Schemas may be nested ${mostDepth} deep.`)
  const at = (key: string) => (path ? `${path}.${key}` : key)
  return [
    ...typeFaults(schema["type"]).flatMap((message) => fault(message, at("type"))),
    ...patternFaults(schema).flatMap(([key, message]) => fault(message, at(key))),
    ...refFaults(schema["$ref"]).flatMap((message) => fault(message, at("$ref"))),
    ...subschemas.flatMap((key) => (key in schema ? checkSchema(schema[key], at(key), depth + 1) : [])),
    ...schemaMaps.flatMap((key) => {
      const map = schema[key]
      if (map === undefined) return []
      if (!isJsonObject(map)) return fault(`${key} is an object of schemas.`, at(key))
      return Object.entries(map).flatMap(([name, one]) => checkSchema(one, `${at(key)}.${name}`, depth + 1))
    }),
    ...schemaLists.flatMap((key) => {
      const list = schema[key]
      if (list === undefined) return []
      if (!Array.isArray(list)) return fault(`${key} is a list of schemas.`, at(key))
      return list.flatMap((one, i) => checkSchema(one, `${at(key)}.${i}`, depth + 1))
    }),
    ...(schema["required"] === undefined || isStringList(schema["required"])
      ? []
      : fault("required is a list of property names.", at("required"))),
    ...(schema["enum"] === undefined || Array.isArray(schema["enum"])
      ? []
      : fault("enum is a list of values.", at("enum"))),
  ]
}

const isStringList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "string")

function typeFaults(type: unknown): string[] {
  if (type === undefined) return []
  const named = Array.isArray(type) ? type : [type]
  return named.every((one) => typeof one === "string" && types.has(one))
    ? []
    : [`Use one of ${[...types].join(", ")}.`]
}

function patternFaults(schema: JsonObject): [string, string][] {
  if (schema["patternProperties"] !== undefined)
    return [["patternProperties", "patternProperties is not supported; name the properties."]]
  const pattern = schema["pattern"]
  if (pattern === undefined) return []
  if (typeof pattern !== "string" || pattern.length > mostPattern)
    return [["pattern", `A pattern is a text of at most ${mostPattern} characters.`]]
  try {
    RE2JS.compile(pattern)
    return []
  } catch {
    return [["pattern", "This regular expression is not valid here (no look-around, no back-references)."]]
  }
}

function refFaults(ref: unknown): string[] {
  return ref === undefined || (typeof ref === "string" && ref.startsWith("#"))
    ? []
    : ["References may point inside the schema only (#/$defs/…)."]
}

const patternFormat = (pattern: string) => `pattern ${pattern}`
const patternsKnown: string[] = []

function rememberPattern(pattern: string): string {
  const name = patternFormat(pattern)
  if (!Object.hasOwn(format, name)) {
    const compiled = RE2JS.compile(pattern)
    format[name] = (text) => compiled.matcher(text).find()
    patternsKnown.push(name)
    if (patternsKnown.length > mostPatterns) delete format[patternsKnown.shift()!]
  }
  return name
}

/** The same schema with each `pattern` as a format, so that no regular expression of a user's reaches the host's engine. */
function withSafePatterns(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withSafePatterns)
  if (!isJsonObject(schema)) return schema
  const safe: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === "pattern" && typeof value === "string") continue
    safe[key] =
      key === "enum" || key === "const" || key === "default" || key === "examples"
        ? value
        : withSafePatterns(value)
  }
  if (typeof schema["pattern"] === "string") {
    const rest = Array.isArray(safe["allOf"]) ? safe["allOf"] : []
    safe["allOf"] = [...rest, { format: rememberPattern(schema["pattern"]) }]
  }
  return safe
}

/** What keeps a value from fitting a schema, deepest causes only, with dotted paths. */
export function schemaFaults(schema: JsonObject, value: Json): InputFault[] {
  if (checkSchema(schema).length > 0) return [{ path: "", message: "The schema itself is not valid." }]
  const result = validated(schema, value)
  if (!result) return [{ path: "", message: "The schema refers to itself without end." }]
  const { valid, errors } = result
  if (valid) return []
  const causes = errors.filter(
    (one) => !errors.some((other) => other !== one && deeper(other.instanceLocation, one.instanceLocation)),
  )
  const faults = causes.map((one) => ({
    path: dotted(one.instanceLocation),
    message: one.error.replace(/format "pattern (.*)"/s, "pattern $1"),
  }))
  return faults.filter((one, i) => faults.findIndex((other) => other.path === one.path) === i).slice(0, 50)
}

/** Undefined when the schema's references go round in a circle, which only the stack's end tells. */
function validated(schema: JsonObject, value: Json) {
  try {
    return new Validator(withSafePatterns(schema) as Schema, "2020-12", false).validate(value)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const deeper = (one: string, other: string): boolean => one.startsWith(`${other}/`)

const dotted = (pointer: string): string =>
  pointer
    .replace(/^#\/?/, "")
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".")

/** The value with the schema's defaults where properties are absent. Only top-level and nested objects, as forms fill them. */
export function withDefaults(schema: JsonObject | undefined, value: JsonObject): JsonObject {
  const properties = schema?.["properties"]
  if (!isJsonObject(properties)) return value
  const filled: JsonObject = { ...value }
  for (const [name, one] of Object.entries(properties)) {
    if (!isJsonObject(one) || name === "__proto__") continue
    // What every object inherits is not a value of this one.
    const now = Object.hasOwn(filled, name) ? filled[name] : undefined
    if (now === undefined && one["default"] !== undefined) filled[name] = one["default"]
    else if (isJsonObject(now)) filled[name] = withDefaults(one, now)
  }
  return filled
}
