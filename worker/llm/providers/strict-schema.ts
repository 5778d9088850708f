import { isJsonObject, type Json, type JsonObject } from "#core/json"

/**
 * Whether OpenAI's strict mode takes a schema: every object closed and every property required. Others are asked for
 * without it and checked by us all the same. https://platform.openai.com/docs/guides/structured-outputs
 */
export function isStrictSchema(schema: JsonObject): boolean {
  return schema["type"] === "object" && schema["anyOf"] === undefined && isStrict(schema)
}

const unsupported = [
  "allOf",
  "oneOf",
  "not",
  "if",
  "dependentRequired",
  "dependentSchemas",
  "prefixItems",
  "contains",
  "propertyNames",
  "unevaluatedProperties",
]

function isStrict(schema: Json | undefined): boolean {
  if (!isJsonObject(schema) || unsupported.some((key) => key in schema)) return false
  const properties = schema["properties"]
  if (properties !== undefined || schema["type"] === "object") {
    if (!isJsonObject(properties) || schema["additionalProperties"] !== false) return false
    const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : [])
    if (!Object.entries(properties).every(([name, one]) => required.has(name) && isStrict(one))) return false
  }
  if (schema["items"] !== undefined && !isStrict(schema["items"])) return false
  const definitions = schema["$defs"]
  if (isJsonObject(definitions) && !Object.values(definitions).every(isStrict)) return false
  const union = schema["anyOf"]
  return !Array.isArray(union) || union.every(isStrict)
}
