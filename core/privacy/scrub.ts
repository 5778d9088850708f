import { erasedName, erasedWords, type ErasureScope } from "./erasure.ts"

/** What an audit entry is scrubbed of. */
export type Scrub = {
  scope: ErasureScope
  /** The ids under which the person acted. */
  names: ReadonlySet<string>
  email: string
  name: string
}

/**
 * The detail of an audit entry without what names the person. Who did what to what, and when, stays, by the id that stays; of their own
 * entries `everything` leaves no more than that.
 */
export function scrubbedDetail(entry: { actor: string; detail: string }, scrub: Scrub): string {
  if (scrub.scope === "everything" && scrub.names.has(entry.actor)) return '{"erased":true}'
  try {
    return JSON.stringify(scrubbed(JSON.parse(entry.detail), scrub))
  } catch {
    return '{"erased":true}'
  }
}

function scrubbed(value: unknown, scrub: Scrub): unknown {
  if (typeof value === "string") {
    if (scrub.name !== "" && value === scrub.name) return erasedName
    return scrub.email === "" ? value : value.replaceAll(scrub.email, erasedWords)
  }
  if (Array.isArray(value)) return value.map((one) => scrubbed(one, scrub))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, scrubbed(one, scrub)]))
}
