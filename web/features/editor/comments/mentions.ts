import type { FlowPerson } from "#core/contract/canvas"

/** A piece of a comment: words, or somebody who is called by name. */
export type Piece = { text: string; person?: string }

const before = /[\s([{"'—–-]/u
const inside = /[\p{L}\p{N}_]/u

/** A comment in its pieces. `@Ana Lima` calls the person of that name; of several that fit, the longest name. */
export function piecesOf(text: string, people: readonly FlowPerson[]): Piece[] {
  const byLength = people.toSorted((one, other) => other.name.length - one.name.length)
  const pieces: Piece[] = []
  let start = 0
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (at > 0 && !before.test(text[at - 1]!)) continue
    const called = byLength.find(({ name }) => isCalled(text, at + 1, name))
    if (!called) continue
    const end = at + 1 + called.name.length
    if (at > start) pieces.push({ text: text.slice(start, at) })
    pieces.push({ text: text.slice(at, end), person: called.id })
    start = end
    at = end - 1
  }
  if (start < text.length) pieces.push({ text: text.slice(start) })
  return pieces
}

function isCalled(text: string, at: number, name: string): boolean {
  if (name === "" || text.slice(at, at + name.length).toLowerCase() !== name.toLowerCase()) return false
  const next = text[at + name.length]
  return next === undefined || !inside.test(next)
}

const most = 20

/** Whom a comment calls; those who have left hear nothing. */
export function mentionsIn(text: string, people: readonly FlowPerson[]): FlowPerson["id"][] {
  const active = people.filter(({ is_active }) => is_active)
  const ids = new Set(piecesOf(text, active).flatMap(({ person }) => person ?? []))
  return active.flatMap(({ id }) => (ids.has(id) ? [id] : [])).slice(0, most)
}

/** A name that is being written after an @: where the @ stands, and what follows it up to the caret. */
export type Calling = { from: number; typed: string }

const longestName = 60

export function callingAt(text: string, caret: number): Calling | undefined {
  const from = text.lastIndexOf("@", caret - 1)
  if (from < 0 || caret - from - 1 > longestName) return undefined
  if (from > 0 && !before.test(text[from - 1]!)) return undefined
  const typed = text.slice(from + 1, caret)
  return /[\n@]/.test(typed) ? undefined : { from, typed }
}

const mostOffered = 8

/** Who may be meant: by the beginning of their name, or of a word of it. */
export function offered(people: readonly FlowPerson[], { typed }: Calling): FlowPerson[] {
  const wanted = typed.toLowerCase()
  const words = (name: string): string[] => [name, ...name.split(/[\s._-]+/)]
  return people
    .filter(
      ({ name, is_active }) => is_active && words(name).some((one) => one.toLowerCase().startsWith(wanted)),
    )
    .slice(0, mostOffered)
}

/** The text with a name in the place of what was typed of it. */
export function called(
  text: string,
  caret: number,
  { from }: Calling,
  name: string,
): { text: string; caret: number } {
  const put = `@${name} `
  const rest = text.slice(caret).replace(/^ /, "")
  return { text: text.slice(0, from) + put + rest, caret: from + put.length }
}
