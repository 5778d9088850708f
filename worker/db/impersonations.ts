import { and, count, desc, eq, gt, isNull } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import type { ImpersonationId, SessionId, UserId } from "#core/ids"
import { insertWhere, write, type Db, type Statement } from "./commit.ts"
import { identities, impersonations, tenants } from "./schema/control.ts"

export type ImpersonationRow = typeof impersonations.$inferSelect

const admin = alias(identities, "admin")
const person = alias(identities, "person")

const named = (db: Db) =>
  db
    .select({
      row: impersonations,
      admin: { id: admin.id, name: admin.name, email: admin.email },
      user: { id: person.id, name: person.name, email: person.email },
      tenant: { id: tenants.id, name: tenants.name, slot: tenants.slot },
    })
    .from(impersonations)
    .innerJoin(admin, eq(admin.id, impersonations.admin_id))
    .innerJoin(person, eq(person.id, impersonations.user_id))
    .innerJoin(tenants, eq(tenants.id, impersonations.tenant_id))

export type NamedImpersonation = Awaited<ReturnType<typeof named>>[number]

/** Follows the statement before it. */
export const insert = (row: ImpersonationRow): Statement => insertWhere(impersonations, row)

export const byId = async (db: Db, id: ImpersonationId): Promise<NamedImpersonation | undefined> =>
  (await named(db).where(eq(impersonations.id, id)))[0]

/** One of an admin's that still lasts. */
export const alive = async (db: Db, id: ImpersonationId, by: UserId, now: string) =>
  (
    await named(db).where(
      and(
        eq(impersonations.id, id),
        eq(impersonations.admin_id, by),
        isNull(impersonations.ended_at),
        gt(impersonations.expires_at, now),
      ),
    )
  )[0]

/** The one that a session belongs to. */
export const bySession = async (db: Db, id: SessionId) =>
  (await named(db).where(eq(impersonations.session_id, id)))[0]

/** A page of them, the newest first. */
export async function list(db: Db, { page, limit }: { page: number; limit: number }) {
  // Not one batch: its rows come by the names of columns, which are the same in several of these tables.
  const [rows, totals] = await Promise.all([
    named(db)
      .orderBy(desc(impersonations.created_at), desc(impersonations.id))
      .limit(limit)
      .offset((page - 1) * limit),
    db.select({ total: count() }).from(impersonations),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** Marks the end of the one whose session has ended, if it was one; follows nothing. */
export const end = (db: Db, session: SessionId, now: string): Statement =>
  write(
    db
      .update(impersonations)
      .set({ ended_at: now })
      .where(and(eq(impersonations.session_id, session), isNull(impersonations.ended_at))),
  )
