import { eq, isNotNull, sql } from "drizzle-orm"
import type { TenantId } from "#core/ids"
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

/** The tenants that have a database, each with its slot. */
export async function claimedSlots(db: Db): Promise<{ id: TenantId; slot: string }[]> {
  const rows = await db
    .select({ id: slots.tenant_id, slot: slots.name })
    .from(slots)
    .where(isNotNull(slots.tenant_id))
  return rows.flatMap(({ id, slot }) => (id === null ? [] : [{ id, slot }]))
}
