import { and, asc, desc, eq, ne, sql } from "drizzle-orm"
import type { TenantId, UserId } from "#core/ids"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { identities, memberships, slots, tenants } from "./schema/control.ts"
import { isThere } from "./there.ts"

export type Identity = typeof identities.$inferSelect

/** More accounts than this nobody is asked to tell apart; whoever makes one more is slowed long before. */
const mostOfEmail = 8

/** The accounts that say they have this address, the oldest first. */
export const ofEmail = (db: Db, email: string): Promise<Identity[]> =>
  db
    .select()
    .from(identities)
    .where(eq(identities.email, email))
    .orderBy(asc(identities.created_at))
    .limit(mostOfEmail)

export const byId = async (db: Db, id: UserId): Promise<Identity | undefined> =>
  (await db.select().from(identities).where(eq(identities.id, id)))[0]

export const insert = (row: typeof identities.$inferInsert): Statement => insertWhere(identities, row)

export const update = (
  db: Db,
  id: UserId,
  values: Partial<Pick<Identity, "name" | "preferences" | "password_hash" | "updated_at">>,
): Statement => guard(db.update(identities).set(values).where(eq(identities.id, id)))

/** Replaces a hash by a better one of the same password. */
export const rehash = (db: Db, { id, password_hash: was }: Identity, password_hash: string): Statement =>
  write(
    db
      .update(identities)
      .set({ password_hash })
      .where(and(eq(identities.id, id), eq(identities.password_hash, was))),
  )

/** The tenants a person belongs to, by name. */
export const tenantsOf = (db: Db, user: UserId) =>
  db
    .select({
      id: tenants.id,
      name: tenants.name,
      slug: tenants.slug,
      slot: tenants.slot,
      role: memberships.role,
    })
    .from(memberships)
    .innerJoin(tenants, eq(tenants.id, memberships.tenant_id))
    .where(and(eq(memberships.identity_id, user), eq(memberships.status, "active"), isThere))
    .orderBy(asc(tenants.name))

/** The tenants of a person that were deleted and can be restored, the latest first, with who did it. */
export const deletedOf = (db: Db, user: UserId) =>
  db
    .select({
      name: tenants.name,
      slug: tenants.slug,
      status_by: tenants.status_by,
      status_at: tenants.status_at,
    })
    .from(memberships)
    .innerJoin(tenants, eq(tenants.id, memberships.tenant_id))
    .where(
      and(eq(memberships.identity_id, user), eq(memberships.status, "active"), eq(tenants.status, "deleted")),
    )
    .orderBy(desc(tenants.status_at))

/** The people of a tenant, those who have left among them. */
export const membersOf = (db: Db, tenant: TenantId) =>
  db
    .select({
      id: identities.id,
      name: identities.name,
      email: identities.email,
      role: memberships.role,
      status: memberships.status,
    })
    .from(memberships)
    .innerJoin(identities, eq(identities.id, memberships.identity_id))
    .where(eq(memberships.tenant_id, tenant))

export const insertMembership = (row: typeof memberships.$inferInsert): Statement =>
  insertWhere(memberships, row)

/** Takes one free slot that is bound here, in one statement; the guard says when there is none. */
export const claimSlot = (db: Db, tenant: TenantId, bound: string[], now: string): Statement =>
  guard(
    db
      .update(slots)
      .set({ tenant_id: tenant, claimed_at: now })
      .where(
        sql`${slots.name} = (select name from ${slots} where tenant_id is null
            and name in (select value from json_each(${JSON.stringify(bound)})) order by name limit 1)`,
      ),
    "tenant.no_database",
  )

/** The tenant of the slot that was claimed just before, in the same batch. */
export const insertTenant = (row: Omit<typeof tenants.$inferInsert, "slot">): Statement =>
  insertWhere(tenants, {
    ...row,
    slot: sql`(select name from ${slots} where tenant_id = ${row.id})`,
  })

/** Where a tenant's data lies; undefined when it never was or is erased for good. */
export const slotOf = async (db: Db, id: TenantId): Promise<string | undefined> =>
  (
    await db
      .select({ slot: tenants.slot })
      .from(tenants)
      .where(and(eq(tenants.id, id), ne(tenants.status, "erased")))
  )[0]?.slot

/** A tenant that is there. */
export const tenantBySlug = async (db: Db, slug: string) =>
  (
    await db
      .select()
      .from(tenants)
      .where(and(eq(tenants.slug, slug), isThere))
  )[0]

/** A tenant that is there. */
export const tenantById = async (db: Db, id: TenantId) =>
  (
    await db
      .select()
      .from(tenants)
      .where(and(eq(tenants.id, id), isThere))
  )[0]

/** Whether a tenant has an address, also one that was deleted. */
export const isSlugTaken = async (db: Db, slug: string): Promise<boolean> =>
  (await db.select({ id: tenants.id }).from(tenants).where(eq(tenants.slug, slug))).length > 0

/** What a tenant is, and since when; undefined when it never was. */
export const stateOf = async (db: Db, id: TenantId) =>
  (
    await db
      .select({ status: tenants.status, at: tenants.status_at, slot: tenants.slot })
      .from(tenants)
      .where(eq(tenants.id, id))
  )[0]

/** The tenant's wrapped data key; undefined once it is destroyed. */
export const dataKeyOf = async (db: Db, id: TenantId): Promise<string | undefined> =>
  (await db.select({ data_key: tenants.data_key }).from(tenants).where(eq(tenants.id, id)))[0]?.data_key ||
  undefined

/** Puts other wrapped keys in the place of those that were read; false when they have changed since. */
export async function swapDataKey(db: Db, id: TenantId, was: string, data_key: string): Promise<boolean> {
  const { meta } = await db
    .update(tenants)
    .set({ data_key })
    .where(and(eq(tenants.id, id), eq(tenants.data_key, was)))
  return meta.changes === 1
}
