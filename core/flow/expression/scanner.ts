import { ExpressionError } from "./error.ts"

/** What a look at the characters of an expression tells before it is parsed. */
export type Scan = {
  /** Where the expression ends: at the closing braces, or at the end of the text. */
  end: number
  /** Whether closing braces were found. */
  closed: boolean
  /** How many tokens it has. */
  tokens: number
  /** Deepest nesting of brackets. */
  depth: number
  /** How often the parser would double the tree for `??` and `?:` inside the left side of another. */
  doubling: number
}

type Group = { open: string; doubles: boolean; inner: number }

const SPACE = " \t\n\r\v"
const OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^&!~"
const PAIRS = new Set(["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"])
const WORD_OPERATORS = new Set(["and", "or", "in"])

/**
 * Walks over an expression token by token, as JSONata's tokenizer does, so that braces inside texts, regular expressions,
 * quoted names and comments are not mistaken for structure. With `untilBraces` it stops at the `}}` that ends a template part.
 */
export function scan(text: string, start: number, untilBraces: boolean): Scan {
  const scanner = new Scanner(text, start)
  let closed = false
  while (!scanner.isAtEnd && !closed) {
    closed = untilBraces && scanner.isAtClosingBraces
    if (!closed) scanner.next()
  }
  return scanner.seen(closed)
}

class Scanner {
  private readonly text: string
  private at: number
  private tokens = 0
  private depth = 0
  private readonly groups: Group[] = [{ open: "", doubles: false, inner: 0 }]
  // After an operand `/` divides; where a value is expected after an infix operator it opens a regular expression.
  private afterOperand = false
  private regexMayStart = true

  constructor(text: string, start: number) {
    this.text = text
    this.at = start
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  /** Two closing braces, of which the first closes nothing here. */
  get isAtClosingBraces(): boolean {
    return this.text.startsWith("}}", this.at) && this.top.open !== "{"
  }

  seen(closed: boolean): Scan {
    const doubling = this.groups.reduceRight(
      (inner, group) => levelOf({ ...group, inner: Math.max(group.inner, inner) }),
      0,
    )
    return { end: this.at, closed, tokens: this.tokens, depth: this.depth, doubling }
  }

  next(): void {
    const { text, at } = this
    const char = text.charAt(at)
    if (SPACE.includes(char)) {
      this.at++
      return
    }
    this.tokens++
    if (char === "/" && text[at + 1] === "*") this.at = afterComment(text, at)
    else if (char === '"' || char === "'") this.operand(afterString(text, at))
    else if (char === "`") this.operand(afterQuotedName(text, at))
    else if (char === "/" && !this.afterOperand && this.regexMayStart) this.operand(afterRegex(text, at))
    else if ("([{".includes(char)) this.open(char)
    else if (")]}".includes(char)) this.close()
    else if (OPERATORS.includes(char)) this.symbol(char)
    else this.word()
  }

  private get top(): Group {
    return this.groups.at(-1)!
  }

  private operand(end: number): void {
    this.at = end
    this.afterOperand = true
  }

  private operator(end: number, isInfix: boolean): void {
    this.at = end
    this.afterOperand = false
    this.regexMayStart = isInfix
  }

  private open(bracket: string): void {
    this.groups.push({ open: bracket, doubles: false, inner: 0 })
    this.depth = Math.max(this.depth, this.groups.length - 1)
    this.operator(this.at + 1, this.afterOperand)
  }

  private close(): void {
    if (this.groups.length > 1) {
      const closed = this.groups.pop()!
      this.top.inner = Math.max(this.top.inner, levelOf(closed))
    }
    this.operand(this.at + 1)
  }

  private symbol(char: string): void {
    const pair = this.text.slice(this.at, this.at + 2)
    const token = PAIRS.has(pair) ? pair : char
    const end = this.at + token.length
    if (token === "??" || token === "?:") this.top.doubles = true
    // `*`, `**` and `%` where a value is expected are wildcards and the parent: values.
    if (!this.afterOperand && (char === "*" || char === "%")) this.operand(end)
    else this.operator(end, this.afterOperand || (char !== "-" && char !== "?"))
  }

  private word(): void {
    const end = afterWord(this.text, this.at)
    if (this.afterOperand && WORD_OPERATORS.has(this.text.slice(this.at, end))) this.operator(end, true)
    else this.operand(end)
  }
}

const levelOf = (group: Group): number => group.inner + (group.doubles ? 1 : 0)

const unterminated = (what: string, how: string, position: number) =>
  new ExpressionError("expression.syntax", `${what} has no end. Close it with ${how}.`, position)

function afterComment(text: string, start: number): number {
  const end = text.indexOf("*/", start + 2)
  if (end < 0) throw unterminated("A comment", "*/", start)
  return end + 2
}

function afterString(text: string, start: number): number {
  const quote = text.charAt(start)
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === quote) return at + 1
  }
  throw unterminated("A text", quote, start)
}

function afterQuotedName(text: string, start: number): number {
  const end = text.indexOf("`", start + 1)
  if (end < 0) throw unterminated("A quoted name", "a backtick", start)
  return end + 1
}

/** JSONata ends a regular expression at the first slash that is neither escaped nor inside brackets. */
function afterRegex(text: string, start: number): number {
  let depth = 0
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at)
    const escaped = text[at - 1] === "\\"
    if (char === "/" && depth === 0 && !isEscaped(text, at)) {
      at++
      while (text[at] === "i" || text[at] === "m") at++
      return at
    }
    if ("([{".includes(char) && !escaped) depth++
    if (")]}".includes(char) && !escaped) depth--
  }
  throw unterminated("A regular expression", "/", start)
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text[at - 1 - slashes] === "\\") slashes++
  return slashes % 2 === 1
}

function afterWord(text: string, start: number): number {
  let at = start
  while (at < text.length && !SPACE.includes(text.charAt(at)) && !OPERATORS.includes(text.charAt(at))) at++
  return at
}
