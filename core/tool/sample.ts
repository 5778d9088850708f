import { schemaFaults } from "#core/json-schema"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

const mostDepth = 6

/** Arguments that fit a schema: examples and defaults where it has them, else the plainest values. Undefined when none are found. */
export function sampleOf(schema: JsonObject): JsonObject | undefined {
  const defs = isJsonObject(schema["$defs"]) ? schema["$defs"] : {}
  for (const isWhole of [false, true]) {
    const made = valueFor(schema, defs, isWhole, 0)
    if (isJsonObject(made) && schemaFaults(schema, made).length === 0) return made
  }
  return undefined
}

function valueFor(schema: Json, defs: JsonObject, isWhole: boolean, depth: number): Json {
  if (!isJsonObject(schema) || depth > mostDepth) return null
  const { $ref, examples } = schema
  if (typeof $ref === "string") {
    const name = $ref.replace(/^#\/\$defs\//, "")
    return valueFor(Object.hasOwn(defs, name) ? defs[name]! : null, defs, isWhole, depth + 1)
  }
  if (schema["default"] !== undefined) return schema["default"]
  if (schema["const"] !== undefined) return schema["const"]
  if (Array.isArray(examples) && examples[0] !== undefined) return examples[0]
  if (Array.isArray(schema["enum"]) && schema["enum"][0] !== undefined) return schema["enum"][0]
  for (const key of ["anyOf", "oneOf"]) {
    const among = schema[key]
    if (Array.isArray(among) && among[0] !== undefined) return valueFor(among[0], defs, isWhole, depth + 1)
  }
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"]
  const number = (key: string) => (typeof schema[key] === "number" ? schema[key] : undefined)
  switch (type) {
    case "integer":
    case "number": {
      const step = type === "integer" ? 1 : 0.5
      const above = number("exclusiveMinimum")
      return number("minimum") ?? (above === undefined ? Math.min(1, number("maximum") ?? 1) : above + step)
    }
    case "boolean":
      return true
    case "array":
      return Array.from({ length: Math.min(number("minItems") ?? 1, 10) }, () =>
        valueFor(schema["items"] ?? null, defs, isWhole, depth + 1),
      )
    case "string":
      return textFor(schema, number("minLength") ?? 0, number("maxLength"))
    case "null":
      return null
    default:
      return objectFor(schema, defs, isWhole, depth)
  }
}

function objectFor(schema: JsonObject, defs: JsonObject, isWhole: boolean, depth: number): Json {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {}
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : [])
  const wanted = Object.entries(properties).filter(([name]) => isWhole || required.has(name))
  return Object.fromEntries(wanted.map(([name, one]) => [name, valueFor(one, defs, isWhole, depth + 1)]))
}

const formats: Record<string, string> = {
  "date-time": "2026-01-31T12:00:00Z",
  date: "2026-01-31",
  time: "12:00:00Z",
  email: "ana@example.com",
  uri: "https://example.com/",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
  hostname: "example.com",
  ipv4: "192.0.2.1",
}

function textFor(schema: JsonObject, least: number, most: number | undefined): string {
  const format = typeof schema["format"] === "string" ? formats[schema["format"]] : undefined
  return format ?? "text".padEnd(Math.min(least, 1_000), "x").slice(0, most)
}
