import { ExpressionError } from "#core/flow/expression/error"
import { resolveBare, resolveTemplate, type Scope } from "#core/flow/expression/template"
import type { Json } from "#core/json"

/** What a text comes to on data that was seen; undefined is an answer too: there is no such value. */
export type Preview = { is: "value"; value: Json | undefined } | { is: "fault"; message: string }

/** A glance must not hold the page up: what takes longer is left to the execution. */
const glance = { steps: 50_000, memory: 8 << 20, output: 64 << 10, deadlineMs: 40 }

/** Evaluates the text of a field as an execution would. */
export async function previewOf(text: string, bare: boolean, scope: Scope): Promise<Preview> {
  try {
    const value = await (bare ? resolveBare(text, scope, glance) : resolveTemplate(text, scope, glance))
    return { is: "value", value }
  } catch (fault) {
    if (fault instanceof ExpressionError) return { is: "fault", message: fault.message }
    throw fault
  }
}

/** One line of a value, cut where it would fill the panel. */
export function sayValue(value: Json | undefined, most = 240): string {
  const text = value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value)
  return text.length > most ? `${text.slice(0, most)}…` : text
}
