import type { Json, JsonObject } from "#core/json"
import { compared } from "../compare.ts"
import { objectOf, objectsOf, textOf } from "../fields.ts"
import type { Words } from "./words.ts"

/** The conditions of an If, Filter or Switch as one expression; undefined where one has no counterpart. */
export function conditionOf(given: Json | undefined, words: Words): string | undefined {
  const said = objectOf(given)
  return Array.isArray(said["conditions"]) ? newer(said, words) : older(said, words, "all")
}

function newer(said: JsonObject, words: Words): string | undefined {
  const parts = objectsOf(said["conditions"]).map((one) => {
    const { type, operation } = objectOf(one["operator"])
    const made = compared(textOf(operation), words.bare(one["leftValue"]), words.bare(one["rightValue"]))
    if (made !== undefined && type === "dateTime") words.notes.push("Dates are compared as ISO 8601 texts.")
    return made
  })
  return together(parts, said["combinator"] === "or" ? " or " : " and ")
}

/** Conditions as the first versions kept them: lists by type. */
export function older(said: JsonObject, words: Words, combine: Json | undefined): string | undefined {
  const parts = Object.values(said).flatMap((list) =>
    objectsOf(list).map((one) => {
      const usual = typeof one["value1"] === "number" ? "smaller" : "equal"
      return compared(textOf(one["operation"]) || usual, words.bare(one["value1"]), words.bare(one["value2"]))
    }),
  )
  return together(parts, combine === "any" ? " or " : " and ")
}

export const oneRule = (
  operation: string,
  left: Json | undefined,
  right: Json | undefined,
  words: Words,
): string | undefined => compared(operation || "equal", words.bare(left), words.bare(right))

function together(parts: (string | undefined)[], by: string): string | undefined {
  if (parts.length === 0 || parts.includes(undefined)) return undefined
  return parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join(by)
}
