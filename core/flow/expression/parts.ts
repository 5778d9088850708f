import { ExpressionError } from "./error.ts"
import { MOST_EXPRESSIONS } from "./limits.ts"
import { scan } from "./scanner.ts"
import { parse } from "./syntax.ts"

/** A piece of a template: text as it is, or the source of an expression and where it stands. */
export type Part = string | { source: string; offset: number }

export const OPENING = "{{"

/** Cuts a template into text and expressions. Throws an ExpressionError when an expression does not end. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = []
  let at = 0
  let expressions = 0
  for (let open = text.indexOf(OPENING); open >= 0; open = text.indexOf(OPENING, at)) {
    if (++expressions > MOST_EXPRESSIONS)
      throw new ExpressionError(
        "expression.too_large",
        `A text holds at most ${MOST_EXPRESSIONS} expressions. Make it in several nodes.`,
        open,
      )
    if (open > at) parts.push(text.slice(at, open))
    const start = open + OPENING.length
    const { end, closed } = scan(text, start, true)
    if (!closed)
      throw new ExpressionError(
        "expression.syntax",
        `${OPENING} has no end. Close the expression with }}.`,
        open,
      )
    parts.push({ source: text.slice(start, end), offset: start })
    at = end + 2
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

/** The expression of a template that is exactly one, with nothing but white space around it. */
export function onlyExpression(parts: readonly Part[]): { source: string; offset: number } | undefined {
  const rest = parts.filter((part) => typeof part !== "string" || part.trim() !== "")
  const [only] = rest
  return rest.length === 1 && typeof only === "object" ? only : undefined
}

/** Whether a field that takes a bare expression holds a template instead. Braces inside texts of an expression are no template. */
export function isTemplate(text: string): boolean {
  if (!text.includes(OPENING)) return false
  if (text.trimStart().startsWith(OPENING)) return true
  try {
    parse(text)
    return false
  } catch {
    return true
  }
}
