import { ExpressionError } from "./error.ts"
import { guard } from "./guard.ts"
import { isTemplate, partsOf } from "./parts.ts"
import { parse } from "./syntax.ts"

/** What is wrong with an expression, as far as it can be told without data; null when nothing is. */
export const checkExpression = (source: string): ExpressionError | null => faultOf(() => guard(parse(source)))

/** What is wrong with a template; null when nothing is. The position counts in the whole text. */
export const checkTemplate = (text: string): ExpressionError | null =>
  faultOf(() => {
    for (const part of partsOf(text)) {
      const fault = typeof part === "string" ? null : checkExpression(part.source)
      if (fault && typeof part === "object") throw fault.shifted(part.offset)
    }
  })

/** What is wrong with a field that takes a bare expression or a template; null when nothing is. */
export const checkBare = (text: string): ExpressionError | null =>
  isTemplate(text) ? checkTemplate(text) : checkExpression(text)

function faultOf(check: () => void): ExpressionError | null {
  try {
    check()
    return null
  } catch (fault) {
    if (fault instanceof ExpressionError) return fault
    throw fault
  }
}
