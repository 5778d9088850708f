import type { Json, JsonObject } from "#core/json"
import { runBuiltin } from "#core/llm/builtin/builtin"
import { ModelFailure } from "#core/llm/failure"

/** Short ways to say schemas and to have the builtin model fill them. */

export const fill = (text: string, output_schema: JsonObject, system = "Extract."): Json | undefined =>
  runBuiltin({
    model: "builtin",
    messages: [
      { role: "system", content: system },
      { role: "user", content: text },
    ],
    output_schema,
  }).object

export const object = (properties: JsonObject, required: string[] = Object.keys(properties)): JsonObject => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
})
export const string = { type: "string" }
export const number = { type: "number" }
export const date = { type: "string", format: "date" }
export const orNull = { type: ["string", "null"] }
export const list = (items: JsonObject): JsonObject => ({ type: "array", items })
export const failing = (text: string, schema: JsonObject): string => {
  try {
    return `filled: ${JSON.stringify(fill(text, schema))}`
  } catch (error) {
    return error instanceof ModelFailure ? `${error.code}: ${error.message}` : String(error)
  }
}
