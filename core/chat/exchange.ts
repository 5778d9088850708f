import type { JsonSchema } from "#core/flow/graph"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import type { Said } from "./branch.ts"

const isText = (schema: Json | undefined): boolean => isJsonObject(schema) && schema["type"] === "string"

/**
 * What a flow or crew is given in a chat: the message, what was said before, and what an attached flow came to, as far as its
 * schema takes them. One that asks for a single text by another name is given the message as that.
 */
export function inputsOf(
  schema: JsonSchema | undefined,
  message: string,
  history: readonly Said[],
  attached?: Json,
): JsonObject {
  const all: JsonObject = { message, history: [...history], ...(attached === undefined ? {} : { attached }) }
  const properties = schema?.["properties"]
  if (!isJsonObject(properties)) return all
  const isOpen = schema?.["additionalProperties"] !== false
  const inputs = Object.fromEntries(
    Object.entries(all).filter(([name]) => isOpen || Object.hasOwn(properties, name)),
  )
  const name = Object.hasOwn(properties, "message") ? undefined : textIn(schema, properties)
  return name === undefined ? inputs : { ...inputs, [name]: message }
}

/** The one text that a schema asks for: the only one that is required, else the only one there is. */
function textIn(schema: JsonSchema | undefined, properties: JsonObject): string | undefined {
  const texts = Object.keys(properties).filter((name) => isText(properties[name]))
  const required = schema?.["required"]
  const needed = Array.isArray(required) ? texts.filter((name) => required.includes(name)) : []
  if (needed.length === 1) return needed[0]
  return texts.length === 1 ? texts[0] : undefined
}

/** What an execution came to, as words: a text as it is, an object with a single text as that, all else as JSON. */
export function textOf(outputs: Json | undefined): string {
  if (typeof outputs === "string") return outputs
  if (outputs === undefined || outputs === null) return ""
  const values = isJsonObject(outputs) ? Object.values(outputs) : []
  const [only] = values
  if (values.length === 1 && typeof only === "string") return only
  return `\`\`\`json\n${JSON.stringify(outputs, null, 2)}\n\`\`\``
}
