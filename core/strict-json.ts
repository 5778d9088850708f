import type { InputFault } from "#core/errors"

const mostDepth = 64

export type Read =
  | { ok: true; value: unknown }
  | { ok: false; malformed: true }
  | { ok: false; fault: InputFault }

/**
 * JSON without its ambiguities: `JSON.parse`, and beforehand one pass over the text that refuses what different readers would read
 * differently (a key twice, `__proto__`, half a surrogate pair) and what is nested deeper than anything of ours.
 */
export function readJson(text: string): Read {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, malformed: true }
  }
  const fault = typeof value === "object" && value !== null ? ambiguity(text) : undefined
  return fault ? { ok: false, fault } : { ok: true, value }
}

type Level = { keys: Set<string> | null; at: string | number }

/** The first ambiguity of a text that is known to be JSON. */
function ambiguity(text: string): InputFault | undefined {
  const levels: Level[] = []
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]
    const top = levels.at(-1)
    if (sign === "{" || sign === "[") {
      if (levels.length === mostDepth)
        return { path: pathOf(levels), message: `Nested deeper than ${mostDepth} levels` }
      levels.push(sign === "{" ? { keys: new Set(), at: "" } : { keys: null, at: 0 })
    } else if (sign === "}" || sign === "]") {
      levels.pop()
    } else if (sign === "," && top && !top.keys) {
      top.at = Number(top.at) + 1
    } else if (sign === '"') {
      const end = endOfString(text, i)
      const fault = stringFault(text.slice(i, end + 1), isKey(text, end) ? top : undefined, levels)
      if (fault) return fault
      i = end
    }
  }
  return undefined
}

function stringFault(literal: string, owner: Level | undefined, levels: Level[]): InputFault | undefined {
  const escaped = literal.includes("\\")
  if (!owner?.keys && !escaped) return undefined
  const text: string = escaped ? JSON.parse(literal) : literal.slice(1, -1)
  if (!text.isWellFormed()) return { path: pathOf(levels), message: "Holds half of a surrogate pair" }
  if (!owner?.keys) return undefined
  owner.at = text
  if (text === "__proto__") return { path: pathOf(levels), message: "This name is not allowed" }
  if (owner.keys.has(text)) return { path: pathOf(levels), message: "This name stands twice" }
  owner.keys.add(text)
  return undefined
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++
    else if (text[i] === '"') return i
  }
  return text.length
}

function isKey(text: string, end: number): boolean {
  for (let i = end + 1; i < text.length; i++) {
    const sign = text[i]
    if (sign !== " " && sign !== "\n" && sign !== "\t" && sign !== "\r") return sign === ":"
  }
  return false
}

const pathOf = (levels: Level[]): string => levels.map((one) => one.at).join(".")
