import { checkExpression } from "#core/flow/expression/check"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { cutAtMarks } from "../marks.ts"
import { expression, literal, untranslated } from "../words.ts"
import { translated, Untranslatable, type Seen } from "./expression.ts"

/** Puts the fields of one step into our words, and keeps what is to be said of it. */
export class Words {
  readonly notes: string[] = []
  readonly seen: Seen

  constructor(seen: Seen) {
    this.seen = seen
  }

  /** A field: a text, or a template when it begins with `=`. */
  text(value: Json | undefined): string {
    const made = this.value(value)
    return typeof made === "string" ? made : made === null ? "" : JSON.stringify(made)
  }

  /** A field of any kind; a text that begins with `=` is a template, and one expression alone keeps its type. */
  value(value: Json | undefined): Json {
    if (typeof value === "string")
      return value.startsWith("=") ? this.#template(value.slice(1)) : literal(value)
    if (Array.isArray(value)) return value.map((one) => this.value(one))
    if (isJsonObject(value)) return this.object(value)
    return value ?? null
  }

  object = (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.value(one)]))

  /** JSON out of a template: its texts hold expressions that stood in quotes. */
  marked(value: Json): Json {
    if (typeof value === "string") return this.value(value.includes("{{") ? `=${value}` : value)
    if (Array.isArray(value)) return value.map((one) => this.marked(one))
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.marked(one)]))
  }

  /** A field as one expression. */
  bare(value: Json | undefined): string {
    if (typeof value !== "string") return JSON.stringify(value ?? null)
    if (!value.startsWith("=")) return JSON.stringify(value)
    const parts = partsOf(value.slice(1))
    // A lone equals sign is an expression that nobody has written yet.
    if (parts.length === 0) return '""'
    if (parts.length === 1 && parts[0]!.code) return this.#expression(parts[0]!.text)
    return parts
      .map((part) => (part.code ? this.#expression(part.text) : JSON.stringify(part.text)))
      .join(" & ")
  }

  #template(text: string): string {
    return partsOf(text)
      .map((part) => (part.code ? expression(this.#expression(part.text)) : literal(part.text)))
      .join("")
  }

  #expression(source: string): string {
    try {
      const made = translated(source.trim(), this.seen).source
      if (checkExpression(made) === null) return made
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error
    }
    const said = source.trim().replace(/\s+/g, " ").slice(0, 160)
    this.notes.push(
      `The expression ${said} has no counterpart: the step fails there until it is written anew.`,
    )
    return untranslated("n8n", source.trim())
  }
}

type Part = { text: string; code: boolean }

/** A template of n8n, cut into text and expressions. */
function partsOf(text: string): Part[] {
  return cutAtMarks(text).flatMap((part, i): Part[] =>
    i % 2 === 1
      ? [{ text: part.slice(2, -2), code: true }]
      : part === ""
        ? []
        : [{ text: part, code: false }],
  )
}
