import { and, eq, gt, lt } from "drizzle-orm"
import { write, type Db, type Statement } from "./commit.ts"
import { sessions, tenants, tickets } from "./schema/control.ts"

export const insert = (db: Db, row: typeof tickets.$inferInsert): Statement =>
  write(db.insert(tickets).values(row))

export const sweep = (db: Db, now: string): Statement =>
  write(db.delete(tickets).where(lt(tickets.expires_at, now)))

/** Takes a ticket off the table: of two that present it, one gets it. */
export async function take(db: Db, digest: string, resource: string, now: string) {
  const [taken] = await db
    .delete(tickets)
    .where(and(eq(tickets.digest, digest), eq(tickets.resource, resource), gt(tickets.expires_at, now)))
    .returning()
  if (!taken) return undefined
  const [session] = await db
    .select({ id: sessions.id, user: sessions.identity_id, tenant: sessions.tenant_id, slot: tenants.slot })
    .from(sessions)
    .innerJoin(tenants, eq(tenants.id, sessions.tenant_id))
    .where(eq(sessions.id, taken.session_id))
  return session
}
