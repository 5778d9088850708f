import { isJsonObject, type Json, type JsonObject } from "#core/json"

/** One argument of a tool, as the form shows it. */
export type Argument = { name: string; type: ArgumentType; description: string; required: boolean }
export const argumentTypes = ["string", "number", "integer", "boolean", "array", "object"] as const
export type ArgumentType = (typeof argumentTypes)[number]

const isType = (type: Json | undefined): type is ArgumentType => argumentTypes.some((one) => one === type)
const plainKeys = new Set(["type", "description"])

/** A schema as a list of arguments; null where it says more than a list can, and has to be written as JSON. */
export function argumentsOf(schema: JsonObject): Argument[] | null {
  const { type, properties = {}, required = [], additionalProperties, ...more } = schema
  const isPlain =
    type === "object" &&
    isJsonObject(properties) &&
    Array.isArray(required) &&
    (additionalProperties === undefined || additionalProperties === false) &&
    Object.keys(more).length === 0
  if (!isPlain) return null
  const found: Argument[] = []
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property) || !isType(property["type"])) return null
    if (Object.keys(property).some((key) => !plainKeys.has(key))) return null
    const { type: kind, description } = property
    found.push({
      name,
      type: kind,
      description: typeof description === "string" ? description : "",
      required: required.includes(name),
    })
  }
  return found
}

/** The schema that the list means; arguments without a name are not there yet. */
export function schemaOf(list: readonly Argument[]): JsonObject {
  const named = list.filter(({ name }) => name.trim() !== "")
  const required = named.filter((one) => one.required).map((one) => one.name)
  return {
    type: "object",
    properties: Object.fromEntries(
      named.map(({ name, type, description }): [string, Json] => [
        name,
        { type, ...(description.trim() === "" ? {} : { description }) },
      ]),
    ),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}
