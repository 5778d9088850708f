import { eq, ne, sql } from "drizzle-orm"
import type { TenantId } from "#core/ids"
import type { Db } from "./commit.ts"
import { slots, tenants } from "./schema/control.ts"

/** Adds a row for each bound slot that has none. The list is one JSON parameter: D1 takes a hundred. */
export async function syncSlots(db: Db, names: string[]): Promise<void> {
  await db.run(
    sql`insert or ignore into ${slots} (name) select value from json_each(${JSON.stringify(names)})`,
  )
}

export async function noteMigrated(db: Db, name: string, id: string): Promise<void> {
  await db.update(slots).set({ migrated_to: id }).where(eq(slots.name, name))
}

/** The tenants that have a database, each with its slot; whose is being erased is not to be opened. */
export const claimedSlots = (
  db: Db,
): Promise<{ id: TenantId; slot: string; status: (typeof tenants.$inferSelect)["status"] }[]> =>
  db
    .select({ id: tenants.id, slot: slots.name, status: tenants.status })
    .from(slots)
    .innerJoin(tenants, eq(tenants.id, slots.tenant_id))
    .where(ne(tenants.status, "erased"))
