import { and, asc, count, desc, eq, gt, isNull, sql } from "drizzle-orm"
import type { QueryOf } from "#core/contract/endpoint"
import type { invitationsApi } from "#core/contract/members"
import type { InvitationId, TenantId, UserId } from "#core/ids"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { manages } from "./members.ts"
import { contains } from "./search.ts"
import { isThere } from "./there.ts"
import { identities, invitations, tenants } from "./schema/control.ts"

export type InvitationRow = typeof invitations.$inferSelect

const open = and(isNull(invitations.accepted_at), isNull(invitations.revoked_at))
const openIn = (tenant: TenantId) => and(eq(invitations.tenant_id, tenant), open)

const sortable = {
  created_at: invitations.created_at,
  email: invitations.email,
  expires_at: invitations.expires_at,
}

/** A page of what nobody has accepted or withdrawn, also what has expired. */
export async function list(db: Db, tenant: TenantId, query: QueryOf<typeof invitationsApi.list>) {
  const where = and(openIn(tenant), query.search ? contains(invitations.email, query.search) : undefined)
  const column = sortable[query.sort.replace(/^-/, "") as keyof typeof sortable]
  const order = query.sort.startsWith("-") ? desc(column) : asc(column)
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(invitations)
      .where(where)
      .orderBy(order, desc(invitations.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(invitations).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

export const byId = async (db: Db, tenant: TenantId, id: InvitationId) =>
  (
    await db
      .select()
      .from(invitations)
      .where(and(eq(invitations.id, id), openIn(tenant)))
  )[0]

/** What an address may still accept. */
export const openOf = async (db: Db, tenant: TenantId, email: string, now: string) =>
  (
    await db
      .select()
      .from(invitations)
      .where(and(openIn(tenant), eq(invitations.email, email), gt(invitations.expires_at, now)))
  )[0]

/** What a token's digest stands for, whatever became of it, unless its tenant was deleted; with the tenant and whoever invited. */
export async function byDigest(db: Db, digest: string) {
  const [row] = await db
    .select({
      invitation: invitations,
      tenant: {
        id: tenants.id,
        name: tenants.name,
        slug: tenants.slug,
        slot: tenants.slot,
        status: tenants.status,
      },
      inviter: { name: identities.name, email: identities.email },
    })
    .from(invitations)
    .innerJoin(tenants, eq(tenants.id, invitations.tenant_id))
    .innerJoin(identities, eq(identities.id, invitations.owner_id))
    .where(and(eq(invitations.digest, digest), isThere))
  return row
}

/** Takes back what an address was invited to before. */
export const withdrawOf = (db: Db, tenant: TenantId, email: string, now: string): Statement =>
  write(
    db
      .update(invitations)
      .set({ revoked_at: now })
      .where(and(openIn(tenant), eq(invitations.email, email))),
  )

/** A new invitation, if the person on whose rights it stands has them at this moment. */
export const insert = (row: typeof invitations.$inferInsert): Statement => ({
  ...insertWhere(invitations, row, manages(row.tenant_id, row.owner_id)),
  guard: "access.denied",
})

/** A new link in the place of the old one; from now on it stands on the rights of who made it. */
export const renew = (
  db: Db,
  { id, tenant_id, digest: was }: InvitationRow,
  link: { digest: string; owner_id: UserId; sent_at: string; expires_at: string },
): Statement =>
  guard(
    db
      .update(invitations)
      .set(link)
      .where(
        and(
          eq(invitations.id, id),
          openIn(tenant_id),
          eq(invitations.digest, was),
          manages(tenant_id, link.owner_id),
        ),
      ),
  )

export const revoke = (db: Db, tenant: TenantId, id: InvitationId, now: string): Statement =>
  guard(
    db
      .update(invitations)
      .set({ revoked_at: now })
      .where(and(eq(invitations.id, id), openIn(tenant))),
    "invitation.not_found",
  )

/** Takes it up, once: of those who try, one changes the row. It holds as long as who invited may still invite. */
export const accept = (
  db: Db,
  { id, tenant_id, digest }: InvitationRow,
  by: UserId,
  now: string,
): Statement =>
  guard(
    db
      .update(invitations)
      .set({ accepted_at: now, accepted_by: by })
      .where(
        and(
          eq(invitations.id, id),
          open,
          eq(invitations.digest, digest),
          sql`${invitations.expires_at} > ${now}`,
          manages(tenant_id, sql`${invitations.owner_id}`),
        ),
      ),
    "invitation.used",
  )

/** Invitations stand on the rights of a person: those go whose person has them no longer. */
export const withdrawOrphans = (db: Db, tenant: TenantId, now: string): Statement =>
  write(
    db
      .update(invitations)
      .set({ revoked_at: now })
      .where(and(openIn(tenant), sql`not ${manages(tenant, sql`${invitations.owner_id}`)}`)),
  )
