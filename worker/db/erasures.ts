import { and, asc, desc, eq, sql } from "drizzle-orm"
import type { ErasureId } from "#core/ids"
import type { ErasedCounts, Erasure } from "#core/privacy/erasure"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { erasures } from "./schema/privacy.ts"

const mostShown = 200

/** The newest first. */
export const list = (db: Db): Promise<Erasure[]> =>
  db.select().from(erasures).orderBy(desc(erasures.id)).limit(mostShown)

export const byId = async (db: Db, id: ErasureId): Promise<Erasure | undefined> =>
  (await db.select().from(erasures).where(eq(erasures.id, id)))[0]

/** Those that were confirmed and are not over. */
export const underWay = (db: Db, most: number): Promise<Erasure[]> =>
  db.select().from(erasures).where(eq(erasures.status, "erasing")).orderBy(asc(erasures.id)).limit(most)

export const insert = (row: Erasure): Statement => insertWhere(erasures, row, sql`1 = 1`)

/** The second word: once, and in time. */
export const confirm = (db: Db, id: ErasureId, by: string, at: string): Statement =>
  guard(
    db
      .update(erasures)
      .set({ status: "erasing", confirmed_by: by, confirmed_at: at })
      .where(and(eq(erasures.id, id), eq(erasures.status, "asked"), sql`${erasures.expires_at} > ${at}`)),
    "privacy.erasure_closed",
  )

export const note = (db: Db, id: ErasureId, counts: ErasedCounts): Statement =>
  write(db.update(erasures).set({ counts }).where(eq(erasures.id, id)))

export const finish = (db: Db, id: ErasureId, counts: ErasedCounts, at: string): Statement =>
  guard(
    db
      .update(erasures)
      .set({ status: "done", counts, finished_at: at })
      .where(and(eq(erasures.id, id), eq(erasures.status, "erasing"))),
    "privacy.erasure_closed",
  )
