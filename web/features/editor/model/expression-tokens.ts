import { ExpressionError } from "#core/flow/expression/error"
import { isTemplate, OPENING } from "#core/flow/expression/parts"
import { scan } from "#core/flow/expression/scanner"

/** What a piece of a field's text is, for colouring and for renaming. */
export type TokenKind =
  | "text"
  | "brace"
  | "name"
  | "dot"
  | "variable"
  | "string"
  | "number"
  | "word"
  | "operator"
  | "comment"
  | "space"

export type Token = { kind: TokenKind; text: string }

/** JSONata's lexis, leniently: what is half typed still gets a colour. See https://docs.jsonata.org/path-operators. */
const lexis: [TokenKind, RegExp][] = [
  ["space", /\s+/y],
  ["comment", /\/\*[\s\S]*?(?:\*\/|$)/y],
  ["string", /"(?:[^"\\]|\\[\s\S])*(?:"|$)|'(?:[^'\\]|\\[\s\S])*(?:'|$)/y],
  ["name", /`[^`]*(?:`|$)/y],
  ["number", /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y],
  ["variable", /\$\$?[A-Za-z0-9_]*/y],
  ["word", /(?:and|or|in|true|false|null|function)(?![A-Za-z0-9_])/y],
  ["name", /[A-Za-z_\u00c0-\uffff][A-Za-z0-9_\u00c0-\uffff]*/y],
  ["dot", /\.(?!\.)/y],
  ["operator", /[\s\S]/y],
]

/** The tokens of one expression; joined, they are the expression again. */
export function expressionTokens(expression: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < expression.length;) {
    for (const [kind, pattern] of lexis) {
      pattern.lastIndex = at
      const text = pattern.exec(expression)?.[0]
      if (text === undefined || text === "") continue
      tokens.push({ kind, text })
      at += text.length
      break
    }
  }
  return tokens
}

/** Where the braces close; null while they do not, or while the expression is too broken to tell. */
function endOfExpression(text: string, from: number): number | null {
  try {
    const { end, closed } = scan(text, from, true)
    return closed ? end : null
  } catch (fault) {
    if (fault instanceof ExpressionError) return null
    throw fault
  }
}

/** The tokens of a field's text: plain text around `{{ … }}`, or one bare expression. */
export function fieldTokens(text: string, bare = false): Token[] {
  if (bare && !isTemplate(text)) return expressionTokens(text)
  const tokens: Token[] = []
  for (let at = 0; at < text.length;) {
    const open = text.indexOf(OPENING, at)
    const end = open < 0 ? null : endOfExpression(text, open + OPENING.length)
    if (end === null) {
      tokens.push({ kind: "text", text: text.slice(at) })
      break
    }
    if (open > at) tokens.push({ kind: "text", text: text.slice(at, open) })
    const source = text.slice(open + OPENING.length, end)
    tokens.push({ kind: "brace", text: OPENING }, ...expressionTokens(source), { kind: "brace", text: "}}" })
    at = end + 2
  }
  return tokens
}

/** `draft`, or `` `my-draft` `` when it is no plain name to JSONata. */
export const asPathStep = (id: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(id) &&
  !["and", "or", "in", "true", "false", "null", "function"].includes(id)
    ? id
    : `\`${id}\``

const unquoted = (name: string): string => name.replace(/^[`"']|[`"']$/g, "")

/** How a text of an expression is written anew, in the quotes that it had. */
export const requoted = (was: string, id: string): string =>
  was.startsWith('"') || was.startsWith("'") ? was[0]! + id + was[0]! : asPathStep(id)

/**
 * The indexes of the tokens that name a node, as the validation reads them too: `nodes.draft`, `nodes["draft"]` and
 * `$lookup(nodes, "draft")`, where `nodes` is not itself a step of another path; and the addresses of a wait or an approval,
 * `execution.callbacks.call`.
 */
export function nodeReferences(tokens: readonly Token[]): { index: number; id: string }[] {
  const solid = tokens
    .map((token, index) => ({ ...token, index }))
    .filter((one) => one.kind !== "space" && one.kind !== "comment")
  return solid.flatMap((one, i) => {
    if (one.kind !== "name" || !isTable(solid, i)) return []
    const [link, step] = [solid[i + 1], solid[i + 2]]
    const isPath = link?.kind === "dot" && step?.kind === "name"
    const isFilter = link?.text === "[" && step?.kind === "string"
    const isLookup = link?.text === "," && step?.kind === "string" && lookupBefore(solid, i)
    return step && (isPath || isFilter || isLookup) ? [{ index: step.index, id: unquoted(step.text) }] : []
  })
}

/** Whether a name stands for a table of nodes: the scope's `nodes`, or the execution's `callbacks` and `approvals`. */
function isTable(solid: readonly Token[], at: number): boolean {
  const name = unquoted(solid[at]!.text)
  if (name === "nodes") return isFromScope(solid, at)
  if (name !== "callbacks" && name !== "approvals") return false
  const [owner, dot] = [solid[at - 2], solid[at - 1]]
  return (
    dot?.kind === "dot" &&
    owner?.kind === "name" &&
    unquoted(owner.text) === "execution" &&
    isFromScope(solid, at - 2)
  )
}

const isFromScope = (solid: readonly Token[], at: number): boolean =>
  solid[at - 1]?.kind !== "dot" || solid[at - 2]?.text === "$$"

/** `$lookup(nodes, …` and `$lookup(execution.callbacks, …`. */
const lookupBefore = (solid: readonly Token[], at: number): boolean =>
  solid[at - (unquoted(solid[at]!.text) === "nodes" ? 2 : 4)]?.text === "$lookup"
