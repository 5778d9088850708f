import { textBytes } from "./canvas.ts"
import type { Delta } from "./operation.ts"

/** A text after a change of it. A change that reaches past the end does what it can. */
export function spliced(text: string, delta: Delta): string {
  let at = 0
  let next = ""
  for (const part of delta) {
    if (typeof part === "string") next += part
    else if (part < 0) at -= part
    else {
      next += text.slice(at, at + part)
      at += part
    }
  }
  return next + text.slice(at)
}

/** The shortest single change that makes one text of another. */
export function deltaBetween(from: string, to: string): Delta {
  if (from === to) return []
  let start = 0
  const shorter = Math.min(from.length, to.length)
  while (start < shorter && from[start] === to[start]) start++
  // Half of a surrogate pair is no character: the change then takes the whole of it.
  if (start > 0 && isHigh(from, start - 1)) start--
  let end = 0
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++
  if (end > 0 && isHigh(from, from.length - end - 1)) end--
  const gone = from.length - start - end
  const put = to.slice(start, to.length - end)
  return [...(start > 0 ? [start] : []), ...(gone > 0 ? [-gone] : []), ...(put === "" ? [] : [put])]
}

const isHigh = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xd800

/** How many bytes a change adds at most; what is deleted counts as a byte each. */
export const textBytesOf = (delta: Delta): number =>
  delta.reduce<number>(
    (sum, part) => sum + (typeof part === "string" ? textBytes(part) : Math.min(part, 0)),
    0,
  )
