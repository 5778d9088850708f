import { and, desc, eq, gt, isNull, ne, sql } from "drizzle-orm"
import type { SessionId, TenantId, UserId } from "#core/ids"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { isThere } from "./there.ts"
import {
  identities,
  impersonations,
  memberships,
  refresh_tokens,
  sessions,
  tenants,
} from "./schema/control.ts"

type NewSession = typeof sessions.$inferInsert
type NewToken = typeof refresh_tokens.$inferInsert

/** Begins a batch, or follows the statement before it. */
export const insert = (row: NewSession, follows: boolean): Statement =>
  insertWhere(sessions, row, follows ? undefined : sql`1 = 1`)
export const insertToken = (row: NewToken): Statement => insertWhere(refresh_tokens, row)

const alive = (now: string) => and(isNull(sessions.ended_at), gt(sessions.expires_at, now))

/** Whether a session may still act, and as what today: its role may have changed since its token was signed. */
export async function live(db: Db, id: SessionId, now: string) {
  const [row] = await db
    .select({
      role: memberships.role,
      slot: tenants.slot,
      is_platform_admin: identities.is_platform_admin,
      support_by: impersonations.admin_id,
      support_writes: impersonations.may_write,
      proven_at: sql<string>`coalesce(${sessions.proven_at}, ${sessions.created_at})`,
      via: sessions.via,
    })
    .from(sessions)
    .innerJoin(identities, eq(identities.id, sessions.identity_id))
    .leftJoin(impersonations, eq(impersonations.id, sessions.impersonation_id))
    .innerJoin(tenants, eq(tenants.id, sessions.tenant_id))
    .innerJoin(
      memberships,
      and(
        eq(memberships.identity_id, sessions.identity_id),
        eq(memberships.tenant_id, sessions.tenant_id),
        eq(memberships.status, "active"),
      ),
    )
    .where(and(eq(sessions.id, id), alive(now), stillSupport, isThere))
  return row
}

/** A session in somebody's name lasts as long as its platform admin is one. */
const stillSupport = sql`(${sessions.impersonation_id} is null or exists (
  select 1 from ${identities} as admin where admin.id = ${impersonations.admin_id} and admin.is_platform_admin))`

/** A refresh token by its digest, with what its family may still do. */
export async function token(db: Db, digest: string) {
  const [row] = await db
    .select({
      used_at: refresh_tokens.used_at,
      child_salt: refresh_tokens.child_salt,
      session: sessions,
      slot: tenants.slot,
      tenant_status: tenants.status,
      role: memberships.role,
      membership_status: memberships.status,
    })
    .from(refresh_tokens)
    .innerJoin(sessions, eq(sessions.id, refresh_tokens.session_id))
    .innerJoin(tenants, eq(tenants.id, sessions.tenant_id))
    .innerJoin(
      memberships,
      and(eq(memberships.identity_id, sessions.identity_id), eq(memberships.tenant_id, sessions.tenant_id)),
    )
    .where(and(eq(refresh_tokens.digest, digest), isThere))
  return row
}

/** Spends a token once: of two that try, one changes a row. */
export const spend = (db: Db, digest: string, now: string, child_salt: string): Statement =>
  guard(
    db
      .update(refresh_tokens)
      .set({ used_at: now, child_salt })
      .where(and(eq(refresh_tokens.digest, digest), isNull(refresh_tokens.used_at))),
  )

export const touch = (db: Db, id: SessionId, now: string, expires_at: string): Statement =>
  write(
    db
      .update(sessions)
      .set({ used_at: now, expires_at })
      .where(and(eq(sessions.id, id), sql`changes() = 1`)),
  )

/**
 * Forgets the tokens of somebody's sessions that are over, for none of them opens anything, known or not; and the sessions that ended
 * before a time.
 */
export const forget = (db: Db, user: UserId, now: string, before: string): [Statement, Statement] => [
  write(
    db.delete(refresh_tokens).where(
      sql`${refresh_tokens.session_id} in (select id from sessions
        where identity_id = ${user} and coalesce(ended_at, expires_at) < ${now})`,
    ),
  ),
  write(
    db.delete(sessions).where(
      sql`${sessions.identity_id} = ${user} and coalesce(${sessions.ended_at}, ${sessions.expires_at}) < ${before}
        and not exists (select 1 from tickets where session_id = ${sessions.id})`,
    ),
  ),
]

/** The person's sessions that are alive, newest first. */
export const ofIdentity = (db: Db, user: UserId, now: string) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.identity_id, user), alive(now)))
    .orderBy(desc(sessions.used_at))
    .limit(200)

export const end = (db: Db, id: SessionId, user: UserId, now: string, because: string): Statement =>
  guard(
    db
      .update(sessions)
      .set({ ended_at: now, ended_because: because })
      .where(and(eq(sessions.id, id), eq(sessions.identity_id, user), isNull(sessions.ended_at))),
    "session.not_found",
  )

export const endOthers = (db: Db, user: UserId, but: SessionId, now: string, because: string): Statement =>
  write(
    db
      .update(sessions)
      .set({ ended_at: now, ended_because: because })
      .where(and(eq(sessions.identity_id, user), ne(sessions.id, but), isNull(sessions.ended_at))),
  )

/** `follows`: only if the statement before it changed something. */
export const endAll = (db: Db, user: UserId, now: string, because: string, follows?: "follows"): Statement =>
  write(
    db
      .update(sessions)
      .set({ ended_at: now, ended_because: because })
      .where(
        and(
          follows ? sql`changes() = 1` : undefined,
          eq(sessions.identity_id, user),
          isNull(sessions.ended_at),
        ),
      ),
  )

/** Follows the change of one member: ends what they have open in that tenant. */
export const endInTenant = (
  db: Db,
  user: UserId,
  tenant: TenantId,
  now: string,
  because: string,
): Statement =>
  write(
    db
      .update(sessions)
      .set({ ended_at: now, ended_because: because })
      .where(
        and(
          sql`changes() = 1`,
          eq(sessions.identity_id, user),
          eq(sessions.tenant_id, tenant),
          isNull(sessions.ended_at),
        ),
      ),
  )

/** Notes that the password was given once more. */
export const prove = (db: Db, id: SessionId, user: UserId, now: string): Statement =>
  guard(
    db
      .update(sessions)
      .set({ proven_at: now })
      .where(and(eq(sessions.id, id), eq(sessions.identity_id, user), isNull(sessions.ended_at))),
    "auth.invalid",
  )

/** Which of these sessions may still act, and as what; those that may not are missing: so are all of a deleted tenant's. In a suspended one they read. */
export const standing = (db: Db, ids: readonly SessionId[], now: string) =>
  db
    .select({
      id: sessions.id,
      user: sessions.identity_id,
      role: memberships.role,
      tenant_status: tenants.status,
    })
    .from(sessions)
    .innerJoin(tenants, eq(tenants.id, sessions.tenant_id))
    .innerJoin(
      memberships,
      and(
        eq(memberships.identity_id, sessions.identity_id),
        eq(memberships.tenant_id, sessions.tenant_id),
        eq(memberships.status, "active"),
      ),
    )
    .where(
      and(sql`${sessions.id} in (select value from json_each(${JSON.stringify(ids)}))`, alive(now), isThere),
    )
