import { isJsonObject, type Json, type JsonObject } from "#core/json"

/** Reads JSON Schemas: references followed, `allOf` joined, types as a list. */

export const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "")
/** Follows references inside the schema and joins `allOf`. */
export function resolved(schema: JsonObject, root: JsonObject, hops = 0): JsonObject {
  const ref = schema["$ref"]
  if (typeof ref === "string" && hops < 10) {
    let target: Json | undefined = root
    for (const part of ref.replace(/^#\/?/, "").split("/").filter(Boolean)) {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~")
      target = isJsonObject(target) && Object.hasOwn(target, key) ? target[key] : undefined
    }
    if (isJsonObject(target)) return resolved({ ...target, ...without(schema, "$ref") }, root, hops + 1)
  }
  const parts = schema["allOf"]
  if (!Array.isArray(parts)) return schema
  return parts.filter(isJsonObject).reduce<JsonObject>(
    (all, one) => {
      const part = resolved(one, root, hops + 1)
      const properties = { ...asObject(all["properties"]), ...asObject(part["properties"]) }
      const required = [...asList(all["required"]), ...asList(part["required"])]
      return { ...all, ...part, ...(Object.keys(properties).length > 0 ? { properties, required } : {}) }
    },
    without(schema, "allOf"),
  )
}

export const without = (object: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
export const asObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
export const asList = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

export function typesOf(schema: JsonObject): string[] {
  const type = schema["type"]
  if (typeof type === "string") return [type]
  if (Array.isArray(type)) return type.filter((one) => typeof one === "string")
  if (schema["properties"] !== undefined) return ["object"]
  return schema["items"] === undefined ? ["string", "number", "boolean"] : ["array"]
}

export const definitionsOf = (root: JsonObject): JsonObject =>
  Object.fromEntries(
    ["$defs", "definitions"].flatMap((key) => (root[key] === undefined ? [] : [[key, root[key]]])),
  )
