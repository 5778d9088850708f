import { isTemplate } from "#core/flow/expression/parts"
import type { DataSource, Reference } from "./data-sources.ts"
import { expressionTokens } from "./expression-tokens.ts"

/** The half-typed path at the caret, inside of an expression. */
export type Completing = { from: number; to: number; word: string; inBraces: boolean }

/** What is being typed at the caret that could be completed; null in plain text, in quotes and after a complete thing. */
export function completingAt(text: string, caret: number, bare: boolean): Completing | null {
  const before = text.slice(0, caret)
  const opened = before.lastIndexOf("{{")
  const inBraces = opened >= 0 && opened > before.lastIndexOf("}}")
  if (!inBraces && (!bare || isTemplate(text))) return null
  const expression = inBraces ? before.slice(opened + 2) : before
  const last = expressionTokens(expression).at(-1)
  if (last?.kind === "comment") return null
  const isQuoted = last?.kind === "string" && !/^(["']).*\1$/s.test(last.text)
  if (isQuoted) return null
  const word = /(?:[A-Za-z_`][\w`-]*(?:\.[\w`-]*)*)?$/.exec(expression)?.[0] ?? ""
  // A path that goes on from a call or a filter cannot be told from here.
  const rest = expression.slice(0, expression.length - word.length).trimEnd()
  if (word === "" && /[\w)\]"'`.]$/.test(rest)) return null
  if (/[.$]$/.test(rest)) return null
  return { from: caret - word.length, to: caret, word, inBraces }
}

export type Suggestion = Reference & { source: string; kind: string }

const mostShown = 40

/** What fits the half-typed word: paths that begin with it first, then those that hold it or whose node is called so. */
export function suggestionsFor(sources: readonly DataSource[], word: string): Suggestion[] {
  const wanted = word.toLowerCase()
  const all = sources.flatMap((source) =>
    source.references.map((one): Suggestion => ({ ...one, source: source.title, kind: source.kind })),
  )
  const begins = all.filter(({ path }) => path.toLowerCase().startsWith(wanted))
  const holds = all.filter(
    (one) => !begins.includes(one) && `${one.path} ${one.source}`.toLowerCase().includes(wanted),
  )
  const found = [...begins, ...holds]
  // What is typed already is no help.
  return found.some((one) => one.path !== word) ? found.slice(0, mostShown) : []
}

/** Puts a path in the place of the half-typed word; braces that are open are closed. */
export function complete(
  text: string,
  { from, to, inBraces }: Completing,
  path: string,
): { text: string; caret: number } {
  const after = text.slice(to)
  const next = after.indexOf("{{")
  const closes = after.slice(0, next < 0 ? undefined : next).includes("}}")
  const lead = inBraces && text.slice(0, from).endsWith("{{") ? " " : ""
  const tail = inBraces && !closes ? " }}" : ""
  return { text: text.slice(0, from) + lead + path + tail + after, caret: from + lead.length + path.length }
}
