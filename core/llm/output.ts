import type { InputFault } from "#core/errors"
import { schemaFaults } from "#core/json-schema"
import type { Json, JsonObject } from "#core/json"
import { ModelFailure } from "./failure.ts"

/** Parses an answer that must fit a schema; throws `model.bad_output` naming the field that does not. */
export function readOutput(schema: JsonObject, text: string): Json {
  const value = parsed(unfenced(text))
  if (value === undefined) {
    const message = text.trim() === "" ? "The answer is empty, not JSON." : "The answer is not valid JSON."
    throw new ModelFailure("model.bad_output", { message })
  }
  checkOutput(schema, value)
  return value
}

/** Throws `model.bad_output` naming the first field that does not fit the schema. */
export function checkOutput(schema: JsonObject, value: Json): void {
  const [fault] = outputFaults(schema, value)
  if (!fault) return
  const field = fault.path ? `“${fault.path}”` : "The answer"
  throw new ModelFailure("model.bad_output", {
    message: `${field} does not fit the output schema: ${fault.message}`,
  })
}

/** What keeps a value from fitting. A schema that leads back to itself without an end is the caller's fault. */
export function outputFaults(schema: JsonObject, value: Json): InputFault[] {
  try {
    return schemaFaults(schema, value)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ModelFailure("model.bad_request", {
      message: "The output schema refers to itself without end.",
    })
  }
}

/** Some models put their JSON into a Markdown fence although told not to. */
function unfenced(text: string): string {
  const bare = text.trim()
  const opening = /^```(?:json)?\s*\n/i.exec(bare)?.[0]
  if (opening === undefined || !bare.endsWith("```")) return text
  const inner = bare.slice(opening.length, -3)
  return inner.slice(inner.trimEnd().length).includes("\n") ? inner : text
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
