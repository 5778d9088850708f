/** Who waits for a place: `holder` is whose share it counts against, such as a flow or a person. Ids rise with time. */
export type Claim = { id: string; holder: string }

/** Who comes next: how many places its holder has already, and since when it waits, as a text that rises with time. */
export type Head = { share: number; since: string }

/** Whether one comes before another: whose holder has fewer places, and among equals who came first. */
export const isBefore = (one: Head, other: Head): boolean =>
  one.share < other.share || (one.share === other.share && one.since < other.since)

/**
 * Those who wait for a place, in fair order: the holder that has the fewest comes first, and among equals who came first. Whoever brings
 * a thousand waits behind whoever brings one, and nobody waits for ever: each place that ends makes its holder's share smaller. What is
 * next is found among the holders, however many wait.
 */
export class FairQueue {
  private readonly holders = new Map<string, Set<string>>()
  private readonly byId = new Map<string, string>()

  get size(): number {
    return this.byId.size
  }

  has(id: string): boolean {
    return this.byId.has(id)
  }

  /** Waits, behind those of the same holder. The same id asked for again changes nothing. */
  enter({ id, holder }: Claim): void {
    if (this.byId.has(id)) return
    this.byId.set(id, holder)
    const line = this.holders.get(holder)
    if (line) line.add(id)
    else this.holders.set(holder, new Set([id]))
  }

  /** Waits no more. */
  leave(id: string): void {
    const holder = this.byId.get(id)
    if (holder === undefined) return
    this.byId.delete(id)
    const line = this.holders.get(holder)!
    line.delete(id)
    if (line.size === 0) this.holders.delete(holder)
  }

  /** Who is next, by how many places each holder has now; `sinceOf` says of an id since when it waits. */
  next(
    shareOf: (holder: string) => number,
    sinceOf: (id: string) => string = (id) => id,
  ): (Claim & Head) | undefined {
    let next: (Claim & Head) | undefined
    for (const [holder, line] of this.holders) {
      const id = line.values().next().value!
      const claim = { id, holder, share: shareOf(holder), since: sinceOf(id) }
      if (!next || isBefore(claim, next)) next = claim
    }
    return next
  }
}
