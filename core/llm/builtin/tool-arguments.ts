import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { outputFaults } from "#core/llm/output"
import type { ToolSpec } from "#core/llm/call"
import { ModelFailure } from "#core/llm/failure"
import type { Conversation } from "./conversation.ts"
import { openDocument } from "./document.ts"
import { findUrls } from "./entities.ts"
import { fillSchema } from "./fill.ts"
import { asList, textOf } from "./schema-parts.ts"
import { shortened } from "./text.ts"

/** The arguments of a tool, out of the task; undefined when the task does not say what the tool must be told. */
export function toolArguments({ input_schema }: ToolSpec, talk: Conversation): JsonObject | undefined {
  const properties = isJsonObject(input_schema["properties"]) ? input_schema["properties"] : {}
  const required = new Set(asList(input_schema["required"]))
  const args: JsonObject = {}
  const left: [string, Json][] = []
  for (const [name, schema] of Object.entries(properties)) {
    const value = isJsonObject(schema) ? said(name, schema, required.has(name), talk) : undefined
    if (value !== undefined) args[name] = value
    else if (required.has(name)) left.push([name, schema])
  }
  const filled = left.length === 0 ? {} : foundIn(talk.task, Object.fromEntries(left), input_schema)
  if (filled === undefined) return undefined
  const whole = { ...args, ...filled }
  return outputFaults(input_schema, whole).length === 0 ? whole : undefined
}

/** What is left is looked for as every schema is: by names, types and formats of its fields. */
function foundIn(task: string, properties: JsonObject, whole: JsonObject): JsonObject | undefined {
  const schema: JsonObject = { type: "object", properties, required: Object.keys(properties) }
  const definitions = whole["$defs"] === undefined ? {} : { $defs: whole["$defs"] }
  try {
    const source = { document: openDocument(task), second: undefined, answer: () => task }
    const value = fillSchema({ ...schema, ...definitions }, source, [])
    return isJsonObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof ModelFailure) return undefined
    throw error
  }
}

const subjects = /^(?:q|query|question|search|search_term|keywords?|topic|subject|about)$/i
const wholes = /^(?:task|input|prompt|instruction|instructions|message|content|work|assignment|description)$/i
const facts = /^(?:text|fact|note|memory)$/i
const pasts = /^(?:context|background|results?|so_far)$/i

/** A value that stands in the task by the sense of its name. Optional ones are given only where nothing is guessed. */
function said(name: string, schema: JsonObject, isNeeded: boolean, talk: Conversation): Json | undefined {
  const { task } = talk
  const cut = (text: string | undefined): string | undefined => {
    const most = schema["maxLength"]
    return text && typeof most === "number" ? shortened(text, most) : text || undefined
  }
  if (/^(?:url|link|uri)$/i.test(name) || textOf(schema["format"]) === "uri") return findUrls(task)[0]
  if (/^time_?zone$/i.test(name)) return /\b[A-Z][a-z]+\/[A-Z][A-Za-z_]+\b/.exec(task)?.[0]
  if (pasts.test(name)) return cut(talk.results.map((one) => one.text).join("\n\n"))
  if (!isNeeded) return undefined
  if (/^(?:expression|formula|calculation)$/i.test(name)) return arithmeticIn(task) ?? code(task)
  // A language that nobody can speak by rules is only passed on.
  if (/\bJSONata\b|\bSQL\b|\bregular expression\b|\bJSONPath\b/i.test(textOf(schema["description"])))
    return code(task)
  if (wholes.test(name)) return cut(task)
  if (subjects.test(name)) return cut(quoted(task) ?? after(task, /\b(?:about|for|on|of)\b:?\s+/i) ?? task)
  if (facts.test(name)) return cut(quoted(task) ?? after(task, /\bthat\b:?\s+|:\s+/i) ?? task)
  return undefined
}

const quoted = (text: string): string | undefined => /["“„«]([^"“„«”»]{2,2000})["”“»]/.exec(text)?.[1]?.trim()
const code = (text: string): string | undefined => /`([^`\n]{1,2000})`/.exec(text)?.[1]?.trim()

function after(text: string, mark: RegExp): string | undefined {
  const found = mark.exec(text)
  const rest = found ? text.slice(found.index + found[0].length).trim() : ""
  return rest.replace(/(?<![.?!])[.?!]+$/, "") || undefined
}

const number = String.raw`(?<!\d)-?\d{1,30}(?:\.\d{1,30})?`
const sum = new RegExp(
  String.raw`(?:\(\s*){0,5}${number}(?:(?:\s*[+*/^]\s*|\s+-\s+|\s*\)\s*[-+*/^]\s*)(?:\(\s*){0,5}${number}(?:\s*\)){0,5}){1,50}`,
)
const percent = new RegExp(String.raw`(${number})\s*(?:%|percent|per cent)\s*of\s*(${number})`, "i")

/** The calculation that a text asks for, in the signs of our expressions. Dates and ranges are none. */
export function arithmeticIn(text: string): string | undefined {
  const plain = text
    .slice(0, 2_000)
    .replace(/(?<=\d),(?=\d{3}\b)/g, "")
    .replace(/×|\btimes\b|\bmultiplied by\b|(?<=\d)\s*x\s*(?=\d)/gi, "*")
    .replace(/÷|\bdivided by\b/gi, "/")
    .replace(/\bplus\b(?<=\d\s*plus)/gi, "+")
    .replace(/\bminus\b(?<=\d\s*minus)/gi, "-")
  const part = percent.exec(plain)
  if (part) return `${part[2]} * ${part[1]} / 100`
  const found = sum.exec(plain)?.[0].trim()
  if (found === undefined || /^\d+\/\d+\/\d+$/.test(found) || !isBalanced(found)) return undefined
  return found.replace(/(?<![^\s^])([^\s^]+)\s*\^\s*(\S+)/g, "$power($1, $2)")
}

function isBalanced(text: string): boolean {
  let open = 0
  for (const sign of text) {
    if (sign === "(") open += 1
    else if (sign === ")" && --open < 0) return false
  }
  return open === 0
}
