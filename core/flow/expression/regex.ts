import { RE2JS } from "re2js"
import { ExpressionError } from "./error.ts"
import type { Budget } from "./limits.ts"
import { shapeOf } from "./pattern.ts"

/** A place where a pattern was found. */
type Found = { match: string; start: number; end: number; groups: (string | undefined)[] }

/** Finds the first match at or after `from`. */
export type Finder = (text: string, from: number, budget: Budget) => Found | undefined

/** What it costs to begin a search, and to look at one character with one instruction. Measured. */
const STEPS_A_SEARCH = 20
const STEPS_A_CHARACTER = 2
const STEPS_AN_INSTRUCTION = 0.25

/** Compiles a JavaScript regular expression for a linear-time engine, so that no pattern can take for ever. */
export function compileRegex(regex: { source: string; flags: string }, position?: number): Finder {
  const { size, restless } = shapeOf(regex.source, position)
  const perCharacter = STEPS_A_CHARACTER + size * STEPS_AN_INSTRUCTION
  let compiled: RE2JS
  try {
    const flags =
      (regex.flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0) |
      (regex.flags.includes("m") ? RE2JS.MULTILINE : 0)
    compiled = RE2JS.compile(RE2JS.translateRegExp(regex.source), flags)
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault)
    throw new ExpressionError(
      "expression.syntax",
      `This regular expression is not supported: ${why}. The RE2 syntax applies.`,
      position,
    )
  }
  return (text, from, budget) => {
    budget.spend(STEPS_A_SEARCH)
    if (from > text.length) return undefined
    const worst = (text.length - from) * perCharacter
    budget.afford(worst)
    // A search that may run on is paid to the end, any other up to its match.
    if (restless) budget.spend(worst)
    const matcher = compiled.matcher(text)
    const found = matcher.find(from)
    if (!restless) budget.spend(((found ? matcher.end() : text.length) - from) * perCharacter)
    if (!found) return undefined
    const groups: (string | undefined)[] = []
    for (let i = 1; i <= compiled.groupCount(); i++) groups.push(matcher.group(i) ?? undefined)
    return { match: matcher.group() ?? "", start: matcher.start(), end: matcher.end(), groups }
  }
}
