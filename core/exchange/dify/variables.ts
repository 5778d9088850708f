import { checkExpression } from "#core/flow/expression/check"
import type { Json } from "#core/json"
import { listOf, textOf } from "../fields.ts"
import { expression, javascript, jsonata, literal, quoted, steps, untranslated, type Path } from "../words.ts"
import { at, placeIn, system, type Place } from "./places.ts"
import type { Surroundings, Written } from "./source.ts"

/** Puts the variables of one step into our words, and keeps what is to be said of it. */
export class Variables {
  readonly notes: string[] = []
  readonly #around: Surroundings
  readonly #reader: string

  constructor(around: Surroundings, reader: string) {
    this.#around = around
    this.#reader = reader
  }

  /** A text with `{{#step.variable#}}` in it. */
  text(value: Json | undefined, context?: Json): string {
    return textOf(value)
      .split(/(\{\{#[^{}#]+#\}\})/)
      .map((part, i) =>
        i % 2 === 0 ? literal(part) : expression(this.#named(part.slice(3, -3).trim(), context)),
      )
      .join("")
  }

  /** A selector, such as `["1711", "text"]`, as an expression. */
  selected(selector: Json | undefined): string {
    const parts = listOf(selector).map(textOf)
    return this.#placeOf(parts)?.expr ?? this.#lost(parts.join("."))
  }

  /** A selector as JavaScript, for the code of a step. */
  inCode(selector: Json | undefined): string {
    const made = this.#placeOf(listOf(selector).map(textOf))?.js
    if (made !== undefined) return made
    this.notes.push(
      `${listOf(selector).map(textOf).join(".").slice(0, 100)} has no counterpart: the code gets nothing for it.`,
    )
    return "undefined"
  }

  /** A value that may be a text with variables, as one expression. */
  bare(value: Json | undefined): string {
    const text = textOf(value)
    const parts = text.split(/(\{\{#[^{}#]+#\}\})/).filter((part) => part !== "")
    if (parts.length === 0) return '""'
    return parts
      .map((part) => (part.startsWith("{{#") ? this.#named(part.slice(3, -3).trim()) : quoted(part)))
      .join(" & ")
  }

  /** The secrets that a text speaks of. */
  secretsIn(value: Json | undefined): string[] {
    const named = [...textOf(value).matchAll(/\{\{#env\.([^{}#]+)#\}\}/g)].map((found) => found[1]!.trim())
    return named.filter((name) => this.#around.isSecret(name))
  }

  #named(name: string, context?: Json): string {
    if (name === "context" && context !== undefined) return this.selected(context)
    return this.selected(name.split("."))
  }

  #placeOf([key = "", ...rest]: string[]): Place | undefined {
    const [name = "", ...more] = rest
    switch (key) {
      case "sys":
        return system(rest)
      // Newer files say so what the start node was asked.
      case "userinput":
        return at(["input", ...rest])
      case "env": {
        const value = this.#around.constant(rest.join("."))
        return value === undefined ? undefined : constant(value)
      }
      case "conversation": {
        const first = this.#around.conversation(name)
        if (first === undefined) return undefined
        const note = `conversation.${name.slice(0, 80)} begins with its first value in each execution.`
        if (!this.notes.includes(note)) this.notes.push(note)
        return this.#latest({ holder: key, name }, constant(first), more)
      }
      default:
        return this.#ofStep(key, rest)
    }
  }

  #ofStep(key: string, rest: string[]): Place | undefined {
    const step = this.#around.step(key)
    if (!step) return undefined
    const [name = "", ...more] = rest
    const isInside = step.isAround(this.#reader)
    if (name === "error_message" || name === "error_type") {
      const failure = this.#around.failure(key)
      return failure === undefined ? undefined : at(["nodes", failure, name])
    }
    if (step.kind === "loop" && isInside && name !== "index")
      return this.#latest({ holder: key, name }, at(["state", name]), more)
    return placeIn(step, rest, isInside)
  }

  /** What was last written into a variable before this step, else what it began with. */
  #latest(variable: Written, first: Place, more: Path): Place {
    const written = this.#around
      .writers(variable, this.#reader)
      .map((id): Path => ["nodes", id, variable.name])
    if (written.length === 0 && more.length === 0) return first
    const expr = [...written.map(jsonata), first.expr].join(" ?? ")
    const js = [...written.map((path) => javascript("context", path)), first.js].join(" ?? ")
    return { expr: `(${expr})${steps(more)}`, js: javascript(`(${js})`, more) }
  }

  #lost(name: string): string {
    this.notes.push(
      `${name.slice(0, 100)} has no counterpart: the step fails there until it is written anew.`,
    )
    const made = untranslated("Dify", name)
    return checkExpression(made) === null ? made : '$error("Write this anew")'
  }
}

const constant = (value: Json): Place => ({ expr: JSON.stringify(value), js: JSON.stringify(value) })
