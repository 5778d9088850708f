import { eq, isNotNull, sql } from "drizzle-orm"
import type { Db } from "./commit.ts"
import { slots } from "./schema/control.ts"

/** Adds a row for each bound slot that has none. The list is one JSON parameter: D1 takes a hundred. */
export async function syncSlots(db: Db, names: string[]): Promise<void> {
  await db.run(
    sql`insert or ignore into ${slots} (name) select value from json_each(${JSON.stringify(names)})`,
  )
}

export async function noteMigrated(db: Db, name: string, id: string): Promise<void> {
  await db.update(slots).set({ migrated_to: id }).where(eq(slots.name, name))
}

export async function claimedSlots(db: Db): Promise<string[]> {
  const rows = await db.select({ name: slots.name }).from(slots).where(isNotNull(slots.tenant_id))
  return rows.map((row) => row.name)
}
