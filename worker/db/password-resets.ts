import { and, eq, gt, isNull, lt, sql } from "drizzle-orm"
import type { UserId } from "#core/ids"
import { reachesFurther } from "./members.ts"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { identities, password_resets } from "./schema/control.ts"

type Reset = typeof password_resets.$inferSelect

export const insert = (row: typeof password_resets.$inferInsert): Statement =>
  insertWhere(password_resets, row, sql`1 = 1`)

/** A link that may still be used, with whose it is. */
export async function usable(db: Db, digest: string, now: string) {
  const [row] = await db
    .select({ reset: password_resets, identity: identities })
    .from(password_resets)
    .innerJoin(identities, eq(identities.id, password_resets.identity_id))
    .where(
      and(
        eq(password_resets.digest, digest),
        isNull(password_resets.used_at),
        gt(password_resets.expires_at, now),
      ),
    )
  return row
}

/** Uses a link, once. What an admin made by hand holds only while the person belongs to that admin's tenant alone. */
export const use = (db: Db, { digest, identity_id, tenant_id }: Reset, now: string): Statement =>
  guard(
    db
      .update(password_resets)
      .set({ used_at: now })
      .where(
        and(
          eq(password_resets.digest, digest),
          isNull(password_resets.used_at),
          gt(password_resets.expires_at, now),
          tenant_id === null ? undefined : sql`not ${reachesFurther(tenant_id, identity_id)}`,
        ),
      ),
    "auth.reset_invalid",
  )

/** Follows the use of a link: the account's new password. */
export const setPassword = (db: Db, user: UserId, password_hash: string, now: string): Statement =>
  write(
    db
      .update(identities)
      .set({ password_hash, updated_at: now })
      .where(and(eq(identities.id, user), sql`changes() = 1`)),
  )

/** Whoever sets a password has no use for links that were made before. */
export const voidAll = (db: Db, user: UserId, now: string): Statement =>
  write(
    db
      .update(password_resets)
      .set({ used_at: now })
      .where(and(eq(password_resets.identity_id, user), isNull(password_resets.used_at))),
  )

export const sweep = (db: Db, before: string): Statement =>
  write(db.delete(password_resets).where(lt(password_resets.expires_at, before)))
