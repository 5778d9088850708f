import { ExpressionError } from "./error.ts"

/** What the shape of a regular expression says about the cost of matching it. */
export type PatternShape = {
  /** Roughly the number of instructions it compiles to. */
  size: number
  /** Whether a search may look far beyond the match it then settles for, so that repeated searches add up. */
  restless: boolean
}

type Part = {
  size: number
  /** Holds a repetition without end. */
  loops: boolean
  /** Holds one that something must still follow: it may run on and come back with nothing. */
  open: boolean
}

const MOST_LENGTH = 1_000
const MOST_SIZE = 4_000
const MOST_GROUPS_DEEP = 30
const MOST_REPEATS = 1_000

const unsupported: [RegExp, string][] = [
  [
    /^\(\?<?[=!]/,
    "Look-around is not supported in regular expressions; match the surroundings and use groups.",
  ],
  [/^\\(?:[1-9]|k<)/, "Back-references are not supported in regular expressions."],
]

/** Reads the shape of a pattern. Throws an ExpressionError for what the linear-time engine cannot do. */
export function shapeOf(pattern: string, position?: number): PatternShape {
  if (pattern.length > MOST_LENGTH)
    throw refusal(`A regular expression has at most ${MOST_LENGTH} characters.`, position)
  const reader = new PatternReader(pattern, position)
  const whole = reader.alternatives(0)
  return { size: whole.size, restless: reader.restless }
}

const refusal = (message: string, position: number | undefined) =>
  new ExpressionError("expression.syntax", message, position)

class PatternReader {
  restless = false
  private at = 0
  private readonly text: string
  private readonly position: number | undefined

  constructor(text: string, position: number | undefined) {
    this.text = text
    this.position = position
  }

  alternatives(depth: number): Part {
    if (depth > MOST_GROUPS_DEEP) throw this.refuse("The groups of this regular expression nest too deeply.")
    const branches = [this.branch(depth)]
    while (this.text[this.at] === "|") {
      this.at++
      branches.push(this.branch(depth))
    }
    const part = {
      size: branches.reduce((sum, branch) => sum + branch.size + 1, 0),
      loops: branches.some((branch) => branch.loops),
      open: branches.some((branch) => branch.open),
    }
    if (branches.length > 1 && part.open) this.restless = true
    return part
  }

  private branch(depth: number): Part {
    const whole: Part = { size: 0, loops: false, open: false }
    while (this.at < this.text.length && this.text[this.at] !== "|" && this.text[this.at] !== ")") {
      const part = this.repeated(this.atom(depth))
      // What came before is followed by something now, so a repetition in it has to come to an end.
      whole.open = whole.loops || part.open
      whole.loops ||= part.loops
      whole.size += part.size
      if (whole.size > MOST_SIZE)
        throw this.refuse("This regular expression is too large. Use smaller repetition counts.")
    }
    return whole
  }

  private atom(depth: number): Part {
    for (const [construct, message] of unsupported)
      if (construct.test(this.text.slice(this.at, this.at + 4))) throw this.refuse(message)
    const char = this.text[this.at]
    if (char === "(") {
      this.at += this.text[this.at + 1] === "?" ? 2 : 1
      const group = this.alternatives(depth + 1)
      this.at++
      return { ...group, size: group.size + 2 }
    }
    if (char === "[") this.skipClass()
    else this.at += char === "\\" ? 2 : 1
    return { size: 1, loops: false, open: false }
  }

  private skipClass(): void {
    this.at++
    if (this.text[this.at] === "^") this.at++
    while (this.at < this.text.length && this.text[this.at] !== "]")
      this.at += this.text[this.at] === "\\" ? 2 : 1
    this.at++
  }

  private repeated(part: Part): Part {
    const quantifier = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y
    quantifier.lastIndex = this.at
    const found = quantifier.exec(this.text)
    if (!found) return part
    this.at = quantifier.lastIndex
    const [symbols, least, comma, most] = found
    const endless = symbols[0] === "*" || symbols[0] === "+" || (comma !== undefined && most === "")
    const count = Math.max(Number(least ?? 1), Number(most || 1), 1)
    if (count > MOST_REPEATS) throw this.refuse(`A repetition counts to at most ${MOST_REPEATS}.`)
    // Around an open part the match may stop early while the repetition still tries to go on.
    const once = least === "1" && comma === undefined
    if (part.open && !once) this.restless = true
    return { size: part.size * count + 1, loops: part.loops || endless, open: part.open }
  }

  private refuse(message: string): ExpressionError {
    return refusal(message, this.position)
  }
}
