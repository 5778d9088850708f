/** Who wants a place: `holder` is whose share it counts against, such as a flow or a person. */
export type Claim = { id: string; holder: string }

/** Places that are taken, and who waits for one, in the order in which they came. */
export type Places = { limit: number; taken: readonly Claim[]; waiting: readonly Claim[] }

export const emptyPlaces = (limit: number): Places => ({ limit, taken: [], waiting: [] })

type Moved = { places: Places; admitted: Claim[] }

/** Asks for a place. The same id asked for again changes nothing. */
export function enter(places: Places, claim: Claim): Moved {
  const isKnown = [...places.taken, ...places.waiting].some(({ id }) => id === claim.id)
  if (isKnown) return { places, admitted: [] }
  return admit({ ...places, waiting: [...places.waiting, claim] })
}

/** Gives a place back, or leaves the queue. */
export function leave(places: Places, id: string): Moved {
  const without = (claims: readonly Claim[]) => claims.filter((one) => one.id !== id)
  return admit({ ...places, taken: without(places.taken), waiting: without(places.waiting) })
}

export const resize = (places: Places, limit: number): Moved => admit({ ...places, limit })

/**
 * Fills free places: of those who wait, the holder that has the fewest comes first, and among equals who came first. Whoever brings a
 * thousand waits behind whoever brings one, and nobody waits for ever: each place that ends makes its holder's share smaller.
 */
function admit(places: Places): Moved {
  const taken = [...places.taken]
  const waiting = [...places.waiting]
  const admitted: Claim[] = []
  const shares = new Map<string, number>()
  for (const { holder } of taken) shares.set(holder, (shares.get(holder) ?? 0) + 1)
  while (taken.length < places.limit && waiting.length > 0) {
    let next = 0
    for (const [i, { holder }] of waiting.entries())
      if ((shares.get(holder) ?? 0) < (shares.get(waiting[next]!.holder) ?? 0)) next = i
    const [claim] = waiting.splice(next, 1)
    if (!claim) break
    shares.set(claim.holder, (shares.get(claim.holder) ?? 0) + 1)
    taken.push(claim)
    admitted.push(claim)
  }
  return { places: { ...places, taken, waiting }, admitted }
}
