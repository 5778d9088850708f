import type { Json } from "#core/json"

/** An argument as it is written in a field: a text as it is, everything else as JSON. */
export const argumentText = (value: Json | undefined): string =>
  value === undefined
    ? ""
    : typeof value === "string"
      ? value
      : typeof value === "object"
        ? JSON.stringify(value, null, 2)
        : JSON.stringify(value)

/** What is written in a field as the argument it means. Where no text is wanted, what is JSON is read as such; an expression stays a text. */
export function parsedArgument(text: string, isText: boolean): Json | undefined {
  if (text.trim() === "") return isText && text !== "" ? text : undefined
  if (isText || text.includes("{{")) return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
