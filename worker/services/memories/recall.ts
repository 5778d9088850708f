import type { Memory } from "#core/contract/agents"
import type { Holder } from "#core/memory/holder"
import { rank, wordsOf } from "#core/memory/rank"
import { isoTime } from "#worker/context"
import type { Db } from "#worker/db/commit"
import * as memories from "#worker/db/memories"

type Asking = { db: Db; now: number }

/** So many are looked at for each that is wanted: age may bring one forward that fits less. */
const widerBy = 4

/**
 * What of a holder's memories fits a text best, the best first; the newest when the text says nothing. For executions: it notes
 * that they were used.
 */
export async function recall(asking: Asking, holder: Holder, query: string, most: number): Promise<Memory[]> {
  const found = await search(asking, holder, query, most)
  const ids = found.map((one) => one.id)
  if (ids.length > 0) await memories.touch(asking.db, ids, isoTime(asking.now))
  return found
}

/** The same for people who look: nothing counts as used. */
export async function search(
  { db, now }: Asking,
  holder: Holder,
  query: string,
  most: number,
): Promise<Memory[]> {
  const words = wordsOf(query)
  if (words.length === 0) {
    const { rows } = await memories.page(db, holder, { page: 1, limit: most, oldestFirst: false })
    return rows.map(memoryOf)
  }
  const found = await memories.matching(db, holder, words, Math.max(50, most * widerBy))
  return rank(found, now).slice(0, most).map(memoryOf)
}

/** A memory as the contract shows it. */
export const memoryOf = ({ id, text, created_at, used_at }: memories.MemoryRow): Memory => ({
  id,
  text,
  created_at,
  used_at,
})
