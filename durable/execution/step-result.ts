import type { Performed } from "#core/execution/perform"
import { StepFailure } from "#core/execution/steps/failure"
import type { Json } from "#core/json"

export const placeOf = (nodeId: string, scope: string) => ({ node_id: nodeId, ...(scope ? { scope } : {}) })

/** Bytes that one output may have: an event must fit into a row of the journal. */
const mostOutputBytes = 1_048_576
const encoder = new TextEncoder()

export function isTooLarge(output: Json): boolean {
  if (typeof output !== "object" && typeof output !== "string") return false
  // As it will stand in the journal: a text of line breaks or quotes is longer there than it is.
  const text = JSON.stringify(output)
  // A character has three bytes at most, so a short text need not be measured.
  return text.length * 3 > mostOutputBytes && encoder.encode(text).length > mostOutputBytes
}

export const tooLarge = {
  code: "step.output_too_large",
  message: "The output of this step is larger than 1 MiB. Pass on only what later steps need.",
}

/** The result of a step, if the journal can hold it. */
export function fitting(performed: Performed): Performed {
  if (!isTooLarge(performed.output)) return performed
  throw new StepFailure(tooLarge.code, tooLarge.message)
}
