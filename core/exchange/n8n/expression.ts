import { quoted, steps, type Path } from "../words.ts"
import { methodOf, staticOf, type Value } from "./methods.ts"
import { tokensOf, unquoted, type Token } from "./tokens.ts"

/** Where what a step gives stands here: its value, and fields of it that are elsewhere. */
export type Shape = { root: string; fields?: Record<string, string> }

/** What an expression of n8n may speak of, seen from one step. */
export type Seen = {
  /** What comes from the step before. */
  json: Shape
  node(name: string): Shape | undefined
}

/** The expression has no faithful counterpart. */
export class Untranslatable extends Error {}

type Operand =
  | { t: "value"; value: Value }
  | { t: "path"; shape: Shape; path: Path }
  | { t: "items"; shape: Shape }
  | { t: "name"; name: string }

/** Puts a JavaScript expression of n8n into JSONata. Throws Untranslatable where the two would not say the same. */
export function translated(source: string, seen: Seen): Value {
  const tokens = tokensOf(source)
  if (!tokens || tokens.length === 0) throw new Untranslatable(source)
  return new Parser(tokens, seen).whole()
}

const levels: Record<string, string>[] = [
  { "??": "??", "||": "?:" },
  { "&&": "and" },
  { "===": "=", "==": "=", "!==": "!=", "!=": "!=" },
  { "<": "<", ">": ">", "<=": "<=", ">=": ">=" },
  { "+": "+", "-": "-" },
  { "*": "*", "/": "/", "%": "%" },
]
const comparisons = new Set(["=", "!=", "<", ">", "<=", ">="])
const mostDepth = 40
/** Some signs say their left side twice: a row of them would grow to twice its length with each. */
const mostSource = 20_000

class Parser {
  readonly #tokens: Token[]
  readonly #seen: Seen
  #at = 0
  #depth = 0

  constructor(tokens: Token[], seen: Seen) {
    this.#tokens = tokens
    this.#seen = seen
  }

  whole(): Value {
    const value = this.#ternary()
    if (this.#at < this.#tokens.length) throw new Untranslatable()
    return value
  }

  #peek = (): string => {
    const token = this.#tokens[this.#at]
    return token?.type === "sign" ? token.text : ""
  }

  #take(sign: string): boolean {
    if (this.#peek() !== sign) return false
    this.#at++
    return true
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw new Untranslatable()
  }

  #ternary(): Value {
    if (++this.#depth > mostDepth) throw new Untranslatable()
    const condition = this.#binary(0)
    let value = condition
    if (this.#take("?")) {
      const then = this.#ternary()
      this.#expect(":")
      const otherwise = this.#ternary()
      const type = then.type === otherwise.type ? then.type : "unknown"
      value = bounded({ source: `(${condition.source} ? ${then.source} : ${otherwise.source})`, type })
    }
    this.#depth--
    return value
  }

  #binary(level: number): Value {
    const signs = levels[level]
    if (!signs) return this.#unary()
    let left = this.#binary(level + 1)
    for (let sign = this.#peek(); Object.hasOwn(signs, sign); sign = this.#peek()) {
      this.#at++
      left = bounded(joined(left, signs[sign]!, this.#binary(level + 1)))
    }
    return left
  }

  #unary(): Value {
    if (++this.#depth > mostDepth) throw new Untranslatable()
    let value: Value
    if (this.#take("!")) value = { source: `$not(${this.#unary().source})`, type: "boolean" }
    else if (this.#take("-")) value = { source: `-${this.#unary().source}`, type: "number" }
    else value = this.#valueOf(this.#postfix())
    this.#depth--
    return value
  }

  #postfix(): Operand {
    let operand = this.#primary()
    for (;;) {
      if (this.#take(".") || this.#take("?.")) {
        if (this.#peek() === "[") continue
        const token = this.#tokens[this.#at++]
        if (token?.type !== "name") throw new Untranslatable()
        operand = this.#peek() === "(" ? this.#called(operand, token.text) : this.#member(operand, token.text)
      } else if (this.#take("[")) {
        const token = this.#tokens[this.#at++]
        this.#expect("]")
        if (token?.type === "string") operand = this.#member(operand, unquoted(token.text))
        else if (token?.type === "number") operand = this.#member(operand, Number(token.text))
        else throw new Untranslatable()
      } else return operand
    }
  }

  #primary(): Operand {
    const token = this.#tokens[this.#at++]
    if (!token) throw new Untranslatable()
    if (token.type === "number") return value(token.text, "number")
    if (token.type === "string") return value(quoted(unquoted(token.text)), "text")
    if (token.type === "template") return value(this.#template(unquoted(token.text)), "text")
    if (token.type === "name") return this.#named(token.text)
    if (token.text === "(") {
      const inner = this.#ternary()
      this.#expect(")")
      return value(`(${inner.source})`, inner.type)
    }
    if (token.text === "[")
      return value(
        `[${this.#list("]")
          .map((one) => one.source)
          .join(", ")}]`,
        "unknown",
      )
    if (token.text === "{") return value(this.#object(), "unknown")
    throw new Untranslatable()
  }

  /** An object as it is written: what has no value is left out, as by JavaScript's own JSON. */
  #object(): string {
    const entries: string[] = []
    while (!this.#take("}")) {
      const token = this.#tokens[this.#at++]
      if (token?.type !== "name" && token?.type !== "string") throw new Untranslatable()
      this.#expect(":")
      const name = token.type === "name" ? token.text : unquoted(token.text)
      entries.push(`${quoted(name)}: ${this.#ternary().source}`)
      if (this.#peek() !== "}") this.#expect(",")
    }
    return `{${entries.join(", ")}}`
  }

  #named(name: string): Operand {
    switch (name) {
      case "$json":
        return { t: "path", shape: this.#seen.json, path: [] }
      case "$input":
        return { t: "items", shape: this.#seen.json }
      case "$":
      case "$items": {
        this.#expect("(")
        const token = this.#tokens[this.#at++]
        this.#expect(")")
        return this.#step(token)
      }
      case "$node":
        if (this.#take("[")) {
          const token = this.#tokens[this.#at++]
          this.#expect("]")
          return this.#step(token)
        }
        throw new Untranslatable()
      case "$now":
        return value("$now()", "text")
      case "true":
      case "false":
        return value(name, "boolean")
      case "null":
      case "undefined":
        return value("null", "unknown")
      default:
        return { t: "name", name }
    }
  }

  #step(token: Token | undefined): Operand {
    const shape = token?.type === "string" ? this.#seen.node(unquoted(token.text)) : undefined
    if (!shape) throw new Untranslatable()
    return { t: "items", shape }
  }

  #member(operand: Operand, name: string | number): Operand {
    if (operand.t === "path") return { ...operand, path: [...operand.path, name] }
    if (operand.t === "items") {
      if (name === "item") return operand
      if (name === "json") return { t: "path", shape: operand.shape, path: [] }
      throw new Untranslatable()
    }
    if (operand.t === "name") {
      if (operand.name === "$execution" && name === "id") return value("execution.id", "text")
      throw new Untranslatable()
    }
    return typeof name === "number" || name !== "length"
      ? value(`${operand.value.source}${steps([name])}`, "unknown")
      : this.#result(methodOf(name, operand.value, []))
  }

  #called(operand: Operand, name: string): Operand {
    this.#expect("(")
    const args = this.#list(")")
    if (operand.t === "items" && ["first", "last", "item"].includes(name) && args.length === 0) return operand
    if (operand.t === "name") return this.#result(staticOf(operand.name, name, args))
    if (operand.t === "items") throw new Untranslatable()
    return this.#result(methodOf(name, this.#valueOf(operand), args))
  }

  #result(made: Value | undefined): Operand {
    if (!made) throw new Untranslatable()
    return { t: "value", value: bounded(made) }
  }

  #list(end: string): Value[] {
    const found: Value[] = []
    while (!this.#take(end)) {
      found.push(this.#ternary())
      if (this.#peek() !== end) this.#expect(",")
    }
    return found
  }

  #template(text: string): string {
    const parts = text.split(/\$\{([^{}]*)\}/)
    const made = parts.map((part, i) =>
      i % 2 === 0 ? quoted(part) : `(${translated(part, this.#seen).source})`,
    )
    return `(${made.filter((part) => part !== '""').join(" & ") || '""'})`
  }

  #valueOf(operand: Operand): Value {
    if (operand.t === "value") return operand.value
    if (operand.t !== "path") throw new Untranslatable()
    const { shape, path } = operand
    // `length` at the end of a path is how many there are.
    if (path.at(-1) === "length" && path.length > 1)
      return methodOf("length", { source: read(shape, path.slice(0, -1)), type: "unknown" }, [])!
    return { source: read(shape, path), type: "unknown" }
  }
}

/** What stands at a path of what a step gives. */
export function read({ root, fields }: Shape, path: Path): string {
  const [first, ...rest] = path
  const moved =
    typeof first === "string" && fields && Object.hasOwn(fields, first) ? fields[first] : undefined
  return `${moved ?? root}${steps(moved === undefined ? path : rest)}`
}

const value = (source: string, type: Value["type"]): Operand => ({ t: "value", value: { source, type } })

function bounded(made: Value): Value {
  if (made.source.length > mostSource) throw new Untranslatable()
  return made
}

function joined(left: Value, sign: string, right: Value): Value {
  const both = (as: string, type: Value["type"]): Value => ({
    source: `(${left.source} ${as} ${right.source})`,
    type,
  })
  if (sign === "+") {
    if (left.type === "text" || right.type === "text") return both("&", "text")
    if (left.type === "number" && right.type === "number") return both("+", "number")
    // Nobody can tell whether it adds or joins.
    throw new Untranslatable()
  }
  if (sign === "=" || sign === "!=") {
    const nothing = [left, right].filter((one) => one.source === "null")
    const other = left.source === "null" ? right : left
    if (nothing.length === 1) {
      const is = `($not($exists(${other.source})) or ${other.source} = null)`
      return { source: sign === "=" ? is : `$not${is}`, type: "boolean" }
    }
  }
  if (comparisons.has(sign)) return both(sign, "boolean")
  if (sign === "and") {
    if (left.type === "boolean" && right.type === "boolean") return both("and", "boolean")
    return { source: `(${left.source} ? ${right.source} : ${left.source})`, type: right.type }
  }
  if (sign === "?:" && left.type === "boolean" && right.type === "boolean") return both("or", "boolean")
  return both(sign, sign === "?:" || sign === "??" ? "unknown" : "number")
}
