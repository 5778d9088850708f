import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import { typesOf } from "./schema-parts.ts"

const units: [RegExp, number][] = [
  [/^(?:ms|milliseconds?)$/i, 0.001],
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:m|mins?|minutes?)$/i, 60],
  [/^(?:h|hours?)$/i, 3_600],
  [/^(?:d|days?)$/i, 86_400],
]
const smallNumbers = "zero one two three four five six seven eight nine ten".split(" ")

/** A number as people write it: 3, 2.5, three. */
export function numberIn(words: string): number | undefined {
  const digits = /-?\d+(?:[.,]\d+)?/.exec(words)?.[0]
  if (digits !== undefined) return Number(digits.replace(",", "."))
  const at = smallNumbers.findIndex((word) => new RegExp(`\\b${word}\\b`, "i").test(words))
  return at < 0 ? undefined : at
}

/** "5 minutes" as 300 seconds. */
export function secondsIn(words: string): number | undefined {
  const [, amount = "", unit = ""] =
    /((?<!\d)\d+(?:[.,]\d+)?|a|an|one|two|three|four|five|six|seven|eight|nine|ten|half an?)[ -]*(ms|milliseconds?|s|secs?|seconds?|mins?|minutes?|h|hours?|days?)\b/i.exec(
      words,
    ) ?? []
  const factor = units.find(([word]) => word.test(unit))?.[1]
  if (factor === undefined) return undefined
  const count = /^half/i.test(amount) ? 0.5 : /^an?$/i.test(amount) ? 1 : numberIn(amount)
  return count === undefined ? undefined : count * factor
}

/** What stands in quotes, else the words as they are. */
export const unquoted = (words: string): string =>
  words
    .trim()
    .replace(/^["“”'‘’`]([\s\S]*)["“”'‘’`]$/, "$1")
    .trim()

/** A value as a field of a schema takes it; what the field cannot hold is told by undefined. */
export function valueFor(words: string, field: string, schema: JsonObject): Json | undefined {
  const text = unquoted(words)
  const isQuoted = text !== words.trim()
  const types = typesOf(schema)
  const choices = Array.isArray(schema["enum"]) ? schema["enum"] : undefined
  if (choices) return choices.find((one) => asText(one).toLowerCase() === text.toLowerCase())
  if (!isQuoted && types.some((type) => type === "number" || type === "integer")) {
    const seconds = /(?:_ms|seconds)$/.test(field) ? secondsIn(text) : undefined
    if (seconds !== undefined) return field.endsWith("_ms") ? Math.round(seconds * 1_000) : seconds
    return numberIn(text)
  }
  if (types.includes("boolean"))
    return /^(?:true|yes|on)$/i.test(text) ? true : /^(?:false|no|off)$/i.test(text) ? false : undefined
  const parsed = /^[[{]/.test(text) && !text.startsWith("{{") ? jsonOf(text) : undefined
  if (parsed !== undefined) return parsed
  if (types.includes("array")) return text.split(/\s*,\s*(?:and\s+)?/).filter(Boolean)
  if (types.includes("object") && !types.includes("string")) return undefined
  if (types.length > 0 || isQuoted) return text
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const comparisons: [RegExp, string][] = [
  [
    /^(?:is |are )?(?:over|above|more than|greater than|larger than|bigger than|exceeds?|higher than)\s+/i,
    ">",
  ],
  [/^(?:is |are )?(?:under|below|less than|smaller than|fewer than|lower than)\s+/i, "<"],
  [/^(?:is |are )?at least\s+/i, ">="],
  [/^(?:is |are )?at most\s+/i, "<="],
  [/^(?:is not|isn't|are not|is different from)\s+/i, "!="],
  [/^(?:is|are|equals|is equal to)\s+/i, "="],
]

/** "the total is over 100" as `input.total > 100`; an expression stays as it is. */
export function conditionIn(words: string, source: string): string {
  const text = unquoted(words)
    .replace(/^\{\{([\s\S]*)\}\}$/, "$1")
    .trim()
  if (/[=<>$]|\b(?:input|nodes|item|state)\b[.[]/.test(text)) return text
  const [, subject = "", rest = ""] =
    /^(?:the |its |it's |their )?([\p{L}\p{N}_ ]+?)\s+((?:is|are|equals|exceeds?|over|above|below|under|at least|at most|contains?|mentions?|includes?)\b.*)$/iu.exec(
      text,
    ) ?? []
  const field = fieldNamed(subject, source)
  const held = /^(?:contains?|mentions?|includes?)\s+(?:the word )?(.+)$/i.exec(rest)
  if (held)
    return `$contains($lowercase($string(${field})), ${JSON.stringify(unquoted(held[1]!).toLowerCase())})`
  for (const [word, sign] of comparisons) {
    const match = word.exec(rest)
    if (!match) continue
    const right = unquoted(rest.slice(match[0].length))
    if (/^(?:empty|missing|absent|not there)$/i.test(right))
      return sign === "=" ? `$not($exists(${field}))` : `$exists(${field})`
    if (/^(?:true|false|null)$/i.test(right)) return `${field} ${sign} ${right.toLowerCase()}`
    const number = /^[^\d-]{0,3}-?\d/.test(right) ? numberIn(right) : undefined
    return `${field} ${sign} ${number ?? JSON.stringify(right)}`
  }
  return `$exists(${fieldNamed(text, source)})`
}

function fieldNamed(words: string, source: string): string {
  const name = words
    .trim()
    .replace(/^(?:the|its|their|a|an|there is an?|it has an?)\s+/i, "")
    .replace(/\s+/g, "_")
    .replace(/[^\p{L}\p{N}_]/gu, "")
  return name === "" || /^(?:it|input|text|value|answer|result|output)$/i.test(name)
    ? source
    : /^\p{L}/u.test(name)
      ? `${source}.${/^[A-Za-z]\w*$/.test(name) ? name : `\`${name}\``}`
      : source
}

const ignored = /[^a-z0-9]+/g
const bare = (words: string): string => words.toLowerCase().replace(ignored, " ").trim()

/** Names that people give to fields, beside their own and their titles. */
const fieldWords: Record<string, string> = {
  "time limit": "timeout_ms",
  timeout: "timeout_ms",
  url: "url",
  address: "url",
  text: "text",
  instructions: "prompt",
  "system prompt": "system",
  "max tokens": "max_tokens",
  question: "title",
  duration: "seconds",
  time: "seconds",
  delay: "seconds",
  list: "items",
}

/** The field of a kind that words name, by its name or title. */
export function fieldIn(
  words: string,
  fields: JsonObject,
): { field: string; schema: JsonObject } | undefined {
  const said = bare(words).replace(/^(?:the|its) /, "")
  const found = Object.entries(fields).find(
    ([name, schema]) =>
      bare(name) === said || (isJsonObject(schema) && bare(asText(schema["title"])) === said),
  )
  const other = fieldWords[said]
  const field = found?.[0] ?? (other !== undefined && other in fields ? other : undefined)
  const schema = field === undefined ? undefined : fields[field]
  return field === undefined ? undefined : { field, schema: isJsonObject(schema) ? schema : {} }
}
