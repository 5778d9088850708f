import { and, eq, gt, lt, sql } from "drizzle-orm"
import type { TenantId, UserId } from "#core/ids"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import type { SealedColumn } from "./sealed.ts"
import { sso_connections, sso_logins, sso_subjects } from "./schema/control.ts"

export type SsoRow = typeof sso_connections.$inferSelect

export const ofTenant = async (db: Db, tenant: TenantId): Promise<SsoRow | undefined> =>
  (await db.select().from(sso_connections).where(eq(sso_connections.tenant_id, tenant)))[0]

/** Puts the connection in the place of what was read: nothing, or one of a version. */
export function put(db: Db, row: SsoRow, was: SsoRow | undefined): Statement {
  if (!was) return { ...insertWhere(sso_connections, row, sql`1 = 1`), guard: "conflict.stale" }
  return guard(
    db
      .update(sso_connections)
      .set(row)
      .where(and(eq(sso_connections.tenant_id, row.tenant_id), eq(sso_connections.version, was.version))),
  )
}

export const remove = (db: Db, tenant: TenantId): Statement =>
  guard(db.delete(sso_connections).where(eq(sso_connections.tenant_id, tenant)), "sso.not_configured")

/** Follows the removal: whom the provider's subjects were is forgotten with it. */
export const forgetSubjects = (db: Db, tenant: TenantId): Statement =>
  write(db.delete(sso_subjects).where(eq(sso_subjects.tenant_id, tenant)))

export const begin = (row: typeof sso_logins.$inferInsert): Statement =>
  insertWhere(sso_logins, row, sql`1 = 1`)

export const sweep = (db: Db, now: string): Statement =>
  write(db.delete(sso_logins).where(lt(sso_logins.expires_at, now)))

/** Takes a sign-in off the table: of two that come back with it, one gets it. */
export async function take(db: Db, digest: string, now: string): Promise<TenantId | undefined> {
  const [taken] = await db
    .delete(sso_logins)
    .where(and(eq(sso_logins.digest, digest), gt(sso_logins.expires_at, now)))
    .returning()
  return taken?.tenant_id
}

export async function subjectOf(
  db: Db,
  { tenant, issuer, subject }: { tenant: TenantId; issuer: string; subject: string },
): Promise<UserId | undefined> {
  const [row] = await db
    .select({ identity_id: sso_subjects.identity_id })
    .from(sso_subjects)
    .where(
      and(
        eq(sso_subjects.tenant_id, tenant),
        eq(sso_subjects.issuer, issuer),
        eq(sso_subjects.subject, subject),
      ),
    )
  return row?.identity_id
}

/** Follows the statement before it. */
export const link = (row: typeof sso_subjects.$inferInsert): Statement => insertWhere(sso_subjects, row)

/** The tenant's one secret here, for its keys' rounds. */
export const sealedColumn = (tenant: TenantId): SealedColumn => ({
  page: async (db, after) => {
    const row = after === "" ? await ofTenant(db, tenant) : undefined
    return row?.client_secret ? [{ id: row.tenant_id, sealed: row.client_secret }] : []
  },
  reseal: async (db, rows) => {
    for (const { sealed, anew } of rows)
      await db
        .update(sso_connections)
        .set({ client_secret: anew })
        .where(and(eq(sso_connections.tenant_id, tenant), eq(sso_connections.client_secret, sealed)))
  },
})
