import { and, asc, count, desc, eq, inArray, sql } from "drizzle-orm"
import type { Holder } from "#core/memory/holder"
import { guard, write, type Db, type Statement } from "./commit.ts"
import { memories } from "./schema/memories.ts"

export type MemoryRow = typeof memories.$inferSelect
type NewMemory = typeof memories.$inferInsert

/** A memory that a search came upon; `bm25` is the smaller the better it fits. */
export type Candidate = MemoryRow & { bm25: number }

const columns = {
  row: memories.row,
  id: memories.id,
  holder: memories.holder,
  text: memories.text,
  digest: memories.digest,
  execution_id: memories.execution_id,
  actor: memories.actor,
  created_at: memories.created_at,
  used_at: memories.used_at,
}

/** What FTS5 is asked: those of the holder that hold any of the words, as words or as beginnings of words. */
const matchOf = (holder: Holder, words: readonly string[]): string =>
  `{holder} : "${holder}" AND {text} : (${words.map((word) => `"${word.replaceAll('"', '""')}" *`).join(" OR ")})`

/** A holder's memories that fit the words best, with how well. */
export const matching = (
  db: Db,
  holder: Holder,
  words: readonly string[],
  most: number,
): Promise<Candidate[]> =>
  db
    .select({ ...columns, bm25: sql<number>`bm25(memories_fts, 0.0, 1.0)` })
    .from(sql`memories_fts`)
    .innerJoin(memories, sql`${memories.row} = memories_fts.rowid`)
    .where(and(sql`memories_fts match ${matchOf(holder, words)}`, eq(memories.holder, holder)))
    .orderBy(sql`bm25(memories_fts, 0.0, 1.0)`, desc(memories.row))
    .limit(most)

/** A holder's memories by age; the newest first unless asked otherwise. */
export async function page(
  db: Db,
  holder: Holder,
  { page, limit, oldestFirst }: { page: number; limit: number; oldestFirst: boolean },
) {
  const where = eq(memories.holder, holder)
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(memories)
      .where(where)
      .orderBy(
        ...(oldestFirst
          ? [asc(memories.created_at), asc(memories.row)]
          : [desc(memories.created_at), desc(memories.row)]),
      )
      .limit(limit)
      .offset((page - 1) * limit),
    db.select({ total: count() }).from(memories).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/**
 * Keeps a memory, and lets go of what its holder has not met for the longest time, past so many; one that says the same is as if it
 * were new. Done at once, for it is no verb: called again with the same it changes nothing more.
 */
export async function remember(db: Db, row: NewMemory, most: number): Promise<void> {
  await db.batch([
    db
      .insert(memories)
      .values(row)
      .onConflictDoUpdate({
        target: [memories.holder, memories.digest],
        set: {
          created_at: row.created_at,
          execution_id: sql`coalesce(${memories.execution_id}, excluded.execution_id)`,
          actor: sql`coalesce(${memories.actor}, excluded.actor)`,
        },
      }),
    db.delete(memories).where(
      sql`${memories.row} in (
        select row from memories where holder = ${row.holder}
        order by max(coalesce(used_at, ''), created_at) desc, row desc limit -1 offset ${most})`,
    ),
  ])
}

/** Notes that memories were recalled. */
export const touch = async (db: Db, ids: readonly string[], at: string): Promise<void> =>
  void (await db
    .update(memories)
    .set({ used_at: at })
    .where(inArray(memories.id, [...ids])))

export const forget = (db: Db, holder: Holder, id: string): Statement =>
  guard(db.delete(memories).where(and(eq(memories.holder, holder), eq(memories.id, id))), "memory.not_found")

export const forgetAll = (db: Db, holder: Holder): Statement =>
  write(db.delete(memories).where(eq(memories.holder, holder)))
