import type { InputFault } from "#core/errors"
import type { ProviderId } from "#core/ids"
import { isJsonObject } from "#core/json"
import type { ToolRef } from "#core/tool/tool"
import { fromPlaceholders } from "./crewai-words.ts"

/** What of the tenant the files may name: its tools by their names, and its models. */
export type Surroundings = {
  tool(name: string): ToolRef | undefined
  model(name: string): { model: string; llm_provider_id?: ProviderId } | undefined
}

export type FidelityReport = {
  mapped: { path: string; to: string }[]
  changed: { path: string; to: string; why: string }[]
  dropped: { path: string; why: string }[]
}

/** Reads the fields of CrewAI's files, and keeps count of what became of each. */
export class Reader {
  readonly report: FidelityReport = { mapped: [], changed: [], dropped: [] }
  readonly faults: InputFault[] = []
  /** The inputs that texts ask for. */
  readonly inputs = new Set<string>()

  mapped(path: string, to: string): void {
    this.report.mapped.push({ path, to })
  }

  changed(path: string, to: string, why: string): void {
    this.report.changed.push({ path, to, why })
  }

  dropped(path: string, why: string): void {
    this.report.dropped.push({ path, why })
  }

  fault(path: string, message: string): undefined {
    this.faults.push({ path, message })
    return undefined
  }

  /** A text with its placeholders as expressions. */
  text(value: unknown, path: string, to: string, most: number): string | undefined {
    const said = this.plainText(value, path)
    if (said === undefined) return undefined
    const { text, names, escaped } = fromPlaceholders(said)
    for (const name of names) this.inputs.add(name)
    if (text.length > most) return this.fault(path, `At most ${most.toLocaleString("en")} characters.`)
    if (escaped) this.changed(path, to, "Doubled braces were set apart: they begin an expression here.")
    else this.mapped(path, to)
    return text
  }

  plainText(value: unknown, path: string): string | undefined {
    return typeof value === "string" ? value.trim() : this.fault(path, "This is to be a text.")
  }

  /** A whole number; one that is past what is possible here is brought back to it. */
  whole(value: unknown, path: string, to: string, most: number): number | undefined {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1)
      return this.fault(path, "This is to be a whole number from 1.")
    if (value <= most) this.mapped(path, to)
    else this.changed(path, to, `${most.toLocaleString("en")} is the most here.`)
    return Math.min(value, most)
  }

  flag(value: unknown, path: string): boolean | undefined {
    return typeof value === "boolean" ? value : this.fault(path, "This is to be true or false.")
  }

  /** A name, or a list of names. */
  names(value: unknown, path: string): string[] {
    const list: unknown[] = Array.isArray(value) ? value : [value]
    return list.flatMap((one, i) => {
      if (typeof one === "string" && one.trim() !== "") return [one.trim()]
      this.fault(Array.isArray(value) ? `${path}.${i}` : path, "This is to be a name.")
      return []
    })
  }

  /** The named entries of a file, in their order. */
  entries(given: unknown, path: string, what: "agents" | "tasks", most: number): Entry[] {
    const value = named(given, what)
    if (!isJsonObject(value)) {
      this.fault(path, `This is to be a list of ${what} by their names.`)
      return []
    }
    const entries = Object.entries(value)
    if (entries.length === 0) this.fault(path, `There are no ${what} in it.`)
    if (entries.length > most) this.fault(path, `At most ${most} ${what}; these are ${entries.length}.`)
    return entries.slice(0, most).flatMap(([key, one]): Entry[] => {
      if (isJsonObject(one)) return [[key, one]]
      this.fault(`${path}.${key}`, "This is to hold fields, such as description.")
      return []
    })
  }
}

export type Entry = [key: string, fields: Record<string, unknown>]

/** Some files hold everything under `agents:` or `tasks:`, and some of those a plain list, whose entries name themselves. */
function named(given: unknown, what: "agents" | "tasks"): unknown {
  const own = isJsonObject(given) && Object.keys(given).length === 1 ? given[what] : undefined
  const isEntry = isJsonObject(own) && ("role" in own || "description" in own)
  const value: unknown = own !== undefined && own !== null && !isEntry ? own : given
  if (!Array.isArray(value)) return value
  const found = new Map<string, unknown>()
  for (const [i, one] of value.entries()) {
    const { name, id, ...fields } = isJsonObject(one) ? one : {}
    const said = [name, id, fields["role"]].find((text) => typeof text === "string" && text.trim() !== "")
    const key = typeof said === "string" ? said.trim() : `${what.slice(0, -1)}_${i + 1}`
    found.set(found.has(key) ? `${key} ${i + 1}` : key, isJsonObject(one) ? fields : one)
  }
  return Object.fromEntries(found)
}

/** Fields that hold something: an empty one says nothing. */
export const filled = (fields: Record<string, unknown>): [string, unknown][] =>
  Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== "")
