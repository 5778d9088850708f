import type { Holder } from "#core/memory/holder"
import { mostCharacters, mostMemories, samenessOf } from "#core/memory/rank"
import { newId, type Chance } from "#core/ids"
import type { LearnedIn } from "#durable/execution/ports"
import { isoTime } from "#worker/context"
import type { Db } from "#worker/db/commit"
import * as memories from "#worker/db/memories"
import { digestOf } from "#worker/digest"

type Asking = { db: Db; now: number; chance: Chance }

/**
 * Keeps what an agent or a crew learned, for executions, by their journal's word: this is no verb of a person's. The same thing again
 * makes it new; what is too long is cut; past the most, what was not met for the longest time goes.
 */
export async function remember(
  asking: Asking,
  holder: Holder,
  text: string,
  { execution_id, actor }: LearnedIn,
): Promise<void> {
  const kept = text.trim().slice(0, mostCharacters).toWellFormed()
  if (kept === "") return
  const row = {
    id: newId("mem", asking.now, asking.chance),
    holder,
    text: kept,
    digest: digestOf(samenessOf(kept)),
    execution_id,
    actor,
    created_at: isoTime(asking.now),
  }
  await memories.remember(asking.db, row, mostMemories)
}
