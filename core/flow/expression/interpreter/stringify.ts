import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { Func, isList, type Value } from "./value.ts"

/** A value as text: a text as it is, anything else as JSON. A function is an empty text. */
export function stringify(value: Exclude<Value, undefined>, budget: Budget, indent = 0): string {
  if (typeof value === "string") return value
  if (value instanceof Func) return ""
  if (typeof value === "number" && !Number.isFinite(value))
    throw failed("A number is out of range, so it has no text. Check for a division by zero.")
  const written = new Writer(budget, indent)
  written.write(value, "\n")
  return written.text()
}

/** A number without the noise of binary fractions: 0.1 + 0.2 is 0.3. */
export const rounded = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(15))

class Writer {
  private readonly parts: string[] = []
  private length = 0
  private readonly budget: Budget
  private readonly indent: number

  constructor(budget: Budget, indent: number) {
    this.budget = budget
    this.indent = indent
  }

  text(): string {
    this.budget.text(this.length)
    return this.parts.join("")
  }

  write(value: Value, newline: string): void {
    this.budget.step()
    if (value === undefined || value === null) this.put("null")
    else if (typeof value === "string") this.put(JSON.stringify(value))
    else if (typeof value === "number") this.put(numberText(value))
    else if (typeof value === "boolean") this.put(String(value))
    else if (value instanceof Func) this.put('""')
    else this.writeInside(value, newline)
  }

  private writeInside(value: Value[] | { [key: string]: Value }, newline: string): void {
    const isArray = isList(value)
    const entries = isArray
      ? value.map((item): [string, Value] => ["", item])
      : Object.entries(value).filter(([, item]) => item !== undefined)
    const inner = newline + " ".repeat(this.indent)
    const between = this.indent > 0 ? inner : ""
    this.put(isArray ? "[" : "{")
    entries.forEach(([key, item], i) => {
      this.put((i > 0 ? "," : "") + between)
      if (!isArray) this.put(JSON.stringify(key) + (this.indent > 0 ? ": " : ":"))
      this.write(item, inner)
    })
    if (entries.length > 0 && this.indent > 0) this.put(newline)
    this.put(isArray ? "]" : "}")
  }

  private put(part: string): void {
    this.length += part.length
    // Refused as soon as it is too long: what is written so far may be all the memory there is.
    if (this.length > this.budget.limits.string) this.budget.text(this.length)
    this.parts.push(part)
  }
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return JSON.stringify(rounded(value))
  if (Number.isNaN(value)) return "null"
  throw failed("A number is out of range, so it has no text. Check for a division by zero.")
}
