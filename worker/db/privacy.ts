import { and, desc, eq, isNull, sql, type SQL } from "drizzle-orm"
import type { HoldId } from "#core/ids"
import type { LegalHold } from "#core/privacy/hold"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { legal_holds, privacy_settings, retention_sweeps } from "./schema/privacy.ts"

export type PrivacyRow = typeof privacy_settings.$inferSelect
export type SweepRow = typeof retention_sweeps.$inferSelect

/** What was set; undefined while nobody has changed anything. */
export const settings = async (db: Db): Promise<PrivacyRow | undefined> =>
  (await db.select().from(privacy_settings))[0]

export const keep = (db: Db, row: Omit<PrivacyRow, "id">): Statement =>
  write(
    db
      .insert(privacy_settings)
      .values({ id: "privacy", ...row })
      .onConflictDoUpdate({ target: privacy_settings.id, set: row }),
  )

const { lifted_at } = legal_holds
const columns = {
  id: legal_holds.id,
  target: legal_holds.target,
  reason: legal_holds.reason,
  created_by: legal_holds.created_by,
  created_at: legal_holds.created_at,
}

/** Holds that are not lifted, the newest first. */
export const holds = (db: Db): Promise<LegalHold[]> =>
  db.select(columns).from(legal_holds).where(isNull(lifted_at)).orderBy(desc(legal_holds.id))

export const insertHold = (row: LegalHold): Statement => insertWhere(legal_holds, row, sql`1 = 1`)

export const liftHold = (db: Db, id: HoldId, by: string, at: string): Statement =>
  guard(
    db
      .update(legal_holds)
      .set({ lifted_by: by, lifted_at: at })
      .where(and(eq(legal_holds.id, id), isNull(lifted_at))),
    "privacy.hold_not_found",
  )

/** That a row is not held, by any of its columns or the whole workspace. */
export const notHeld = (...by: (SQL | { name: string })[]): SQL => {
  const targets = sql.join([sql`'workspace'`, ...by.map((one) => sql`${one}`)], sql`, `)
  return sql`not exists (select 1 from legal_holds as held where held.lifted_at is null and held.target in (${targets}))`
}

/** What the sweeps have deleted so far. */
export const sweeps = (db: Db): Promise<SweepRow[]> => db.select().from(retention_sweeps)

/** Adds to what the sweeps of a kind have deleted; `place` is how far a walk has come, where there is one. */
export function noteSweep(
  db: Db,
  kind: SweepRow["kind"],
  removed: number,
  at: string,
  place: string | null | undefined,
): Statement {
  const told = removed > 0 ? { removed: sql`removed + ${removed}`, last_removed: removed, last_at: at } : {}
  const set = { ...told, ...(place === undefined ? {} : { place }) }
  return write(
    db
      .insert(retention_sweeps)
      .values({ kind, removed, last_removed: removed, last_at: at, place: place ?? null })
      .onConflictDoUpdate({ target: retention_sweeps.kind, set }),
  )
}
