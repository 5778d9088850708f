import { failed } from "../error.ts"
import { apply } from "../interpreter/apply.ts"
import { pushOne } from "../interpreter/data.ts"
import type { Budget } from "../limits.ts"
import {
  emptyObject,
  Func,
  isList,
  isObject,
  sequence,
  type List,
  type Obj,
  type Value,
} from "../interpreter/value.ts"
import { func, given, optionalNumber, text, type NativeTable } from "./native.ts"

type Match = { match: string; start: number; end: number; groups: List; next: Func | undefined; whole: Obj }

/** Calls a matcher, which is a regular expression or a function that behaves like one. */
function ask(matcher: Func, args: readonly Value[], budget: Budget): Match | undefined {
  const found = apply(matcher, args, null, budget)
  if (found === undefined) return undefined
  if (isObject(found)) {
    const { match, start, end, groups, next } = found
    const isMatch = typeof match === "string" && typeof start === "number" && typeof end === "number"
    const isWhole = isMatch && isList(groups) && (next === undefined || next instanceof Func)
    if (isWhole) return { match, start, end, groups, next, whole: found }
  }
  throw failed("A matching function answers { match, start, end, groups, next } or nothing.")
}

/** The matches of a text, one after the other, at most `limit` of them. */
function* matches(value: string, matcher: Func, limit: number, budget: Budget): Generator<Match> {
  let found = limit > 0 ? ask(matcher, [value], budget) : undefined
  for (let count = 1; found; count++) {
    yield found
    // The next one is looked for before the count is checked, as JSONata does: it may fail on an empty match.
    found = found.next && ask(found.next, [], budget)
    if (count >= limit) return
  }
}

function limitOf(limit: Value, name: string): number {
  const most = optionalNumber(limit)
  if (most !== undefined && most < 0) throw failed(`The limit of $${name} cannot be negative.`)
  return most ?? Infinity
}

/** Collects a text piece by piece within the budget. */
class Pieces {
  private readonly parts: string[] = []
  private length = 0
  private readonly budget: Budget

  constructor(budget: Budget) {
    this.budget = budget
  }

  add(part: string): void {
    this.length += part.length
    this.budget.join(this.length, 0)
    this.budget.spend(0.5)
    this.parts.push(part)
  }

  whole(): string {
    this.budget.text(this.length)
    return this.parts.join("")
  }
}

function replaceText(value: string, mark: string, by: string, limit: number, budget: Budget): string {
  if (mark === "") throw failed("$replace cannot look for an empty text.")
  budget.spend(value.length / 32)
  const pieces = new Pieces(budget)
  let position = 0
  let at = limit > 0 ? value.indexOf(mark) : -1
  for (let count = 0; at >= 0 && count < limit; count++) {
    pieces.add(value.slice(position, at))
    pieces.add(by)
    position = at + mark.length
    at = value.indexOf(mark, position)
  }
  pieces.add(value.slice(position))
  return pieces.whole()
}

function replaceMatches(
  value: string,
  matcher: Func,
  by: string | Func,
  limit: number,
  budget: Budget,
): string {
  const pieces = new Pieces(budget)
  let position = 0
  for (const found of matches(value, matcher, limit, budget)) {
    const replacement =
      typeof by === "string" ? substitute(by, found, budget) : apply(by, [found.whole], null, budget)
    if (typeof replacement !== "string") throw failed("The function given to $replace must answer a text.")
    pieces.add(value.slice(position, found.start))
    pieces.add(replacement)
    position = found.start + found.match.length
  }
  pieces.add(value.slice(position))
  return pieces.whole()
}

/** Fills in `$0` for the match, `$1` for a group, `$$` for a dollar; a number takes only as many digits as there are groups. */
function substitute(pattern: string, found: Match, budget: Budget): string {
  const pieces = new Pieces(budget)
  const most = found.groups.length
  const digits = most === 0 ? 1 : Math.floor(Math.log10(most)) + 1
  let position = 0
  for (let at = pattern.indexOf("$"); at >= 0; at = pattern.indexOf("$", position)) {
    pieces.add(pattern.slice(position, at))
    position = at + 1
    const next = pattern[position]
    if (next === "$" || next === "0") {
      pieces.add(next === "$" ? "$" : found.match)
      position++
      continue
    }
    let group = Number.parseInt(pattern.slice(position, position + digits), 10)
    if (digits > 1 && group > most)
      group = Number.parseInt(pattern.slice(position, position + digits - 1), 10)
    if (Number.isNaN(group)) pieces.add("$")
    else {
      const part = most > 0 ? found.groups[group - 1] : undefined
      if (typeof part === "string") pieces.add(part)
      position += String(group).length
    }
  }
  pieces.add(pattern.slice(position))
  return pieces.whole()
}

function splitAt(value: string, matcher: Func, limit: number, budget: Budget): List {
  const parts: List = []
  let start = 0
  for (const found of matches(value, matcher, limit, budget)) {
    pushOne(parts, value.slice(start, found.start), budget)
    start = found.end
  }
  if (parts.length < limit) pushOne(parts, value.slice(start), budget)
  return parts
}

function split(value: string, separator: Value, limit: number, budget: Budget): List {
  if (limit <= 0) return []
  if (separator instanceof Func) return splitAt(value, separator, limit, budget)
  if (typeof separator !== "string") throw failed("$split needs a text or a regular expression to split at.")
  budget.spend(value.length / 16)
  const parts = value.split(separator, Math.min(limit, budget.limits.list + 1))
  budget.list(parts.length)
  return parts
}

export const matching: NativeTable = {
  contains: given("<s-(sf):b>", 2, (value, [token], budget) => {
    if (token === undefined) return undefined
    if (token instanceof Func) return ask(token, [value], budget) !== undefined
    budget.spend(text(value).length / 32)
    return text(value).includes(text(token))
  }),
  match: given("<s-f<s:o>n?:a<o>>", 3, (value, [matcher, limit], budget) => {
    const found = sequence()
    for (const { match, start, groups } of matches(
      text(value),
      func(matcher),
      limitOf(limit, "match"),
      budget,
    )) {
      budget.object(3)
      pushOne(found, Object.assign(emptyObject(), { match, index: start, groups }), budget)
    }
    return found
  }),
  replace: given("<s-(sf)(sf)n?:s>", 4, (value, [pattern, by, limit], budget) => {
    const most = limitOf(limit, "replace")
    if (pattern instanceof Func && (typeof by === "string" || by instanceof Func))
      return replaceMatches(text(value), pattern, by, most, budget)
    if (typeof pattern === "string" && typeof by === "string")
      return replaceText(text(value), pattern, by, most, budget)
    throw failed(
      "$replace needs what to look for and what to put there; a function only with a regular expression.",
    )
  }),
  split: given("<s-(sf)n?:a<s>>", 3, (value, [separator, limit], budget) =>
    split(text(value), separator, limitOf(limit, "split"), budget),
  ),
}
