import { isJsonObject, type Json } from "#core/json"

type Parsed = { value: Json | undefined } | { fault: string; line?: number }

export const writtenJson = (value: Json | undefined): string =>
  value === undefined ? "" : JSON.stringify(value, null, 2)

/** What a text says as JSON, or what keeps it from being JSON, and where. An empty text is no value. */
export function parseJson(text: string, object: boolean): Parsed {
  if (text.trim() === "") return { value: undefined }
  try {
    const value = JSON.parse(text) as Json
    return object && !isJsonObject(value) ? { fault: "Write one JSON object: { … }" } : { value }
  } catch (error) {
    return faultOf(text, error)
  }
}

/** Engines tell the place in different words; a line number is what an author can use. */
function faultOf(text: string, error: unknown): Parsed {
  const message = error instanceof Error ? error.message : ""
  const position = /position (\d+)/.exec(message)?.[1]
  if (position === undefined)
    return { fault: "This is not JSON yet: it ends too early or a bracket is missing." }
  const line = text.slice(0, Number(position)).split("\n").length
  return { fault: `This is not JSON yet: look at line ${line}.`, line }
}
