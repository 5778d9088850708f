import { fieldTokens } from "./expression-tokens.ts"

/** Whether that place of a field's text lies inside of an expression. */
function isInsideExpression(text: string, at: number): boolean {
  let place = 0
  let inside = false
  for (const token of fieldTokens(text)) {
    if (token.kind === "brace") inside = token.text === "{{"
    place += token.text.length
    if (place >= at) return place === at && token.text === "}}" ? false : inside
  }
  return false
}

/**
 * Puts a reference such as `nodes.draft.title` where the caret is: as it is inside of an expression, in braces of its own in
 * plain text.
 */
export function insertReference(
  text: string,
  bare: boolean,
  caret: { from: number; to: number },
  reference: string,
): { text: string; caret: number } {
  const asItIs = (bare && !text.includes("{{")) || isInsideExpression(text, caret.from)
  const inserted = asItIs ? reference : `{{ ${reference} }}`
  return {
    text: text.slice(0, caret.from) + inserted + text.slice(caret.to),
    caret: caret.from + inserted.length,
  }
}
