import { checkExpression } from "#core/flow/expression/check"
import type { Json } from "#core/json"
import { textOf } from "../fields.ts"
import {
  expression,
  javascript,
  jsonata,
  literal,
  plainText,
  quoted,
  untranslated,
  type Path,
} from "../words.ts"

/** What of the flow a step may name. */
export type Surroundings = {
  /** A step's node here, and of which kind it is there. */
  step(key: string): { id: string; kind: string } | undefined
  /** Whether the step lies inside an iteration. */
  isInside: boolean
}

const pattern = /\{\{([^{}]+)\}\}/g

/** Puts the texts of one step into our words, and keeps what is to be said of them. */
export class Variables {
  readonly notes: string[] = []
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** A text as its editor keeps it, with `{{ step }}` in it. */
  text(value: Json | undefined): string {
    return this.#parts(value)
      .map((part) => ("name" in part ? expression(this.#expression(part.name)) : literal(part.text)))
      .join("")
  }

  /** The same as one expression. */
  bare(value: Json | undefined): string {
    const parts = this.#parts(value)
    if (parts.length === 0) return '""'
    return parts.map((part) => ("name" in part ? this.#expression(part.name) : quoted(part.text))).join(" & ")
  }

  /** The same as JavaScript, for the code of a step. */
  inCode(value: Json | undefined): string {
    const parts = this.#parts(value).map((part) => {
      if (!("name" in part)) return JSON.stringify(part.text)
      const place = this.#placeOf(part.name)
      if (Array.isArray(place)) return javascript("context", place)
      this.notes.push(`${part.name.slice(0, 100)} has no counterpart: the code gets nothing for it.`)
      return "undefined"
    })
    return parts.length === 1
      ? parts[0]!
      : parts.length === 0
        ? '""'
        : parts.map((part) => `(${part} ?? "")`).join(" + ")
  }

  #parts(value: Json | undefined): ({ name: string } | { text: string })[] {
    const text = plainText(textOf(value)).trim()
    const parts: ({ name: string } | { text: string })[] = []
    let at = 0
    for (const found of text.matchAll(pattern)) {
      if (found.index > at) parts.push({ text: text.slice(at, found.index) })
      parts.push({ name: found[1]!.trim() })
      at = found.index + found[0].length
    }
    if (at < text.length) parts.push({ text: text.slice(at) })
    return parts
  }

  #expression(name: string): string {
    const place = this.#placeOf(name)
    if (typeof place === "string") return place
    if (place) return jsonata(place)
    this.notes.push(
      `{{ ${name.slice(0, 100)} }} has no counterpart: the step fails there until it is written anew.`,
    )
    const made = untranslated("Flowise", name)
    return checkExpression(made) === null ? made : '$error("Write this anew")'
  }

  #placeOf(name: string): string | Path | undefined {
    if (!/^\$?[\w$.[\]-]+$/.test(name)) return undefined
    const [first = "", ...rest] = name.split(/\.|\[|\]\.?/).filter((part) => part !== "")
    if (first === "question" && rest.length === 0) return ["input", "question"]
    if (first === "$form") return ["input", ...rest]
    if (first === "current_date_time") return "$now()"
    if (first === "$iteration") return this.#around.isInside ? ["item", ...rest] : undefined
    const step = this.#around.step(first)
    if (!step) return undefined
    const own: Path = ["nodes", step.id]
    const fields = rest[0] === "output" ? rest.slice(1) : rest
    if (step.kind === "start")
      return fields.length === 0 || fields[0] === "question" ? ["input", "question"] : ["input", ...fields]
    if (step.kind === "http")
      return [
        ...own,
        fields[0] === "http" ? "body" : "body",
        ...fields.filter((part) => part !== "http" && part !== "data"),
      ]
    return [...own, ...fields.filter((part, i) => !(i === 0 && part === "content"))]
  }
}
