import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import type { Finder } from "../regex.ts"
import { emptyObject, Native, type Value } from "./value.ts"

/** A regular expression as JSONata sees it: a function that answers the first match, which knows how to find the next. */
export function matcher(find: Finder, position: number | undefined): Native {
  const search = (text: string, from: number, budget: Budget): Value => {
    const found = find(text, from, budget)
    if (!found) return undefined
    budget.list(found.groups.length)
    budget.object(5)
    const match = emptyObject()
    match["match"] = found.match
    match["start"] = found.start
    match["end"] = found.end
    match["groups"] = found.groups
    match["next"] = new Native(0, undefined, (_, spent) => {
      if (found.end >= text.length) return undefined
      const next = search(text, found.end, spent)
      if (isEmptyMatch(next))
        throw failed("This regular expression matches an empty text, so it finds no next match.", position)
      return next
    })
    return match
  }
  return new Native(2, undefined, ([text, from], budget) => {
    if (typeof text !== "string") throw failed("A regular expression is applied to a text.", position)
    return search(text, typeof from === "number" ? Math.max(0, Math.trunc(from)) : 0, budget)
  })
}

const isEmptyMatch = (match: Value) =>
  typeof match === "object" && match !== null && "match" in match && match["match"] === ""
