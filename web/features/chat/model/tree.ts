/** What a conversation's shape is made of. */
export type Twig = { id: string; parent_id: string | null }

/** A message on the branch that is shown, and those that stand in the same place on other branches, itself included. */
export type Place = { id: string; beside: readonly string[] }

/** Which of several messages in one place is shown, by the message that they follow. */
export type Chosen = ReadonlyMap<string, string>

const start = "start"
export const placeKey = (parent: string | null): string => parent ?? start

/**
 * The branch that is shown: at each fork what was chosen, and otherwise the way to what was said last. Messages come in the
 * order in which they were said, perhaps without the earliest ones: of a place whose parent is not known, neither are all who
 * stand in it, so none are named beside. Where several branches begin with parents that are not known, the one that leads through a
 * certain message is taken, or else the one of what was said last.
 */
export function branchOf(
  messages: readonly Twig[],
  chosen: Chosen,
  isWhole: boolean,
  through?: string,
): Place[] {
  const { followers, newest, byId } = shapeOf(messages)
  const last = (through === undefined ? undefined : byId.get(through)) ?? messages.at(-1)
  if (!last) return []
  const branch: Place[] = []
  const seen = new Set<string>()
  const first = firstBefore(last, byId)
  let key = placeKey(first.parent_id)
  for (;;) {
    const inPlace = followers.get(key) ?? []
    const next = pick(inPlace, chosen.get(key), newest)
    if (next === undefined || seen.has(next)) return branch
    seen.add(next)
    const isKnown = branch.length > 0 || isWhole
    branch.push({ id: next, beside: isKnown ? inPlace : [next] })
    key = next
  }
}

/** The first message that is known of those that lead to one; a circle, which nobody should send, ends where it began. */
function firstBefore(last: Twig, byId: ReadonlyMap<string, Twig>): Twig {
  const seen = new Set<Twig>()
  let first = last
  for (let up: Twig | undefined = last; up && !seen.has(up); up = parentOf(up, byId)) {
    seen.add(up)
    first = up
  }
  return first
}

const parentOf = (one: Twig, byId: ReadonlyMap<string, Twig>): Twig | undefined =>
  one.parent_id === null ? undefined : byId.get(one.parent_id)

function pick(
  inPlace: readonly string[],
  wanted: string | undefined,
  newest: ReadonlyMap<string, number>,
): string | undefined {
  if (wanted !== undefined && inPlace.includes(wanted)) return wanted
  let best: string | undefined
  for (const id of inPlace) {
    if (best === undefined || newest.get(id)! > newest.get(best)!) best = id
  }
  return best
}

/** Who follows whom, and for each message when the last word after it was said. */
function shapeOf(messages: readonly Twig[]) {
  const byId = new Map(messages.map((one) => [one.id, one]))
  const followers = new Map<string, string[]>()
  for (const { id, parent_id: parent } of messages) {
    const key = placeKey(parent)
    const inPlace = followers.get(key)
    if (inPlace) inPlace.push(id)
    else followers.set(key, [id])
  }
  const newest = new Map<string, number>()
  // From the last on: whatever has marked a message has marked all above it.
  for (let at = messages.length - 1; at >= 0; at--) {
    for (let up: Twig | undefined = messages[at]; up && !newest.has(up.id); up = parentOf(up, byId))
      newest.set(up.id, at)
  }
  return { followers, newest, byId }
}
