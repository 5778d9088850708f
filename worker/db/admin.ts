import { and, asc, count, desc, eq, inArray, isNull, ne, sql, type SQL } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import type { adminApi } from "#core/contract/admin"
import type { QueryOf } from "#core/contract/endpoint"
import type { TenantId, UserId } from "#core/ids"
import type { TenantChange, TenantStatus } from "#core/tenant"
import { guard, write, type Db, type Statement } from "./commit.ts"
import { identities, impersonations, memberships, sessions, slots, tenants } from "./schema/control.ts"
import { contains } from "./search.ts"
import { isThere } from "./there.ts"

const order = (sort: string, columns: Record<string, SQLiteColumn>, otherwise: SQLiteColumn): SQL => {
  const column = columns[sort.replace(/^-/, "")] ?? otherwise
  return sort.startsWith("-") ? desc(sql`${column} collate nocase`) : asc(sql`${column} collate nocase`)
}

const anyOf = (...columns: (SQL | undefined)[]): SQL =>
  sql`(${sql.join(
    columns.filter((one) => one !== undefined),
    sql` or `,
  )})`

const whoDid = (column: "name" | "email") =>
  sql<string | null>`(select ${sql.identifier(column)} from identities where id = tenants.status_by)`

const tenantColumns = {
  id: tenants.id,
  name: tenants.name,
  slug: tenants.slug,
  status: sql<TenantStatus>`${tenants.status}`,
  status_reason: tenants.status_reason,
  status_at: tenants.status_at,
  status_by: tenants.status_by,
  status_by_name: whoDid("name"),
  status_by_email: whoDid("email"),
  support_access: tenants.support_access,
  slot: tenants.slot,
  created_at: tenants.created_at,
  members: sql<number>`(select count(*) from memberships where tenant_id = tenants.id and status = 'active')`,
  api_keys: sql<number>`(select count(*) from api_keys where tenant_id = tenants.id and revoked_at is null)`,
}

/** Of what was erased for good only a row without a name is left, which is nobody's. */
const notErased = ne(tenants.status, "erased")

/** A page of the installation's tenants, the deleted among them. */
export async function tenantPage(db: Db, query: QueryOf<typeof adminApi.tenants>) {
  const where = and(
    notErased,
    query.status ? eq(tenants.status, query.status) : undefined,
    query.search
      ? anyOf(
          contains(tenants.name, query.search),
          contains(tenants.slug, query.search),
          eq(tenants.id, query.search),
        )
      : undefined,
  )
  const [rows, totals] = await db.batch([
    db
      .select(tenantColumns)
      .from(tenants)
      .where(where)
      .orderBy(
        order(
          query.sort,
          { created_at: tenants.created_at, name: tenants.name, slug: tenants.slug },
          tenants.created_at,
        ),
        desc(tenants.id),
      )
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(tenants).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

export const tenant = async (db: Db, id: TenantId) =>
  (
    await db
      .select(tenantColumns)
      .from(tenants)
      .where(and(eq(tenants.id, id), notErased))
  )[0]

export type TenantRow = NonNullable<Awaited<ReturnType<typeof tenant>>>

/** Who was removed is no member any more. */
const isPresent = ne(memberships.status, "removed")
const presence = sql<"active" | "disabled">`${memberships.status}`

/** The members of a tenant, by name; a thousand at most. */
export const members = (db: Db, id: TenantId) =>
  db
    .select({
      id: identities.id,
      name: identities.name,
      email: identities.email,
      role: memberships.role,
      status: presence,
    })
    .from(memberships)
    .innerJoin(identities, eq(identities.id, memberships.identity_id))
    .where(and(eq(memberships.tenant_id, id), isPresent))
    .orderBy(asc(sql`${identities.name} collate nocase`), asc(identities.id))
    .limit(1_000)

/** Changes a tenant's state, if it is still what it was. */
export const setStatus = (
  db: Db,
  id: TenantId,
  was: TenantStatus,
  { status, reason, by, at }: { status: TenantChange; reason: string | null; by: UserId; at: string },
): Statement =>
  guard(
    db
      .update(tenants)
      .set({ status, status_reason: reason, status_by: by, status_at: at })
      .where(and(eq(tenants.id, id), eq(tenants.status, was))),
  )

const seenAt = sql<
  string | null
>`(select max(used_at) from sessions where identity_id = identities.id and impersonation_id is null)`

const userColumns = {
  id: identities.id,
  name: identities.name,
  email: identities.email,
  is_platform_admin: identities.is_platform_admin,
  created_at: identities.created_at,
  seen_at: seenAt,
}

/** A page of everybody who has an account. */
export async function userPage(db: Db, query: QueryOf<typeof adminApi.users>) {
  const where = and(
    query.platform_admins === undefined ? undefined : eq(identities.is_platform_admin, query.platform_admins),
    query.search
      ? anyOf(
          contains(identities.name, query.search),
          contains(identities.email, query.search),
          eq(identities.id, query.search),
        )
      : undefined,
  )
  const [rows, totals] = await db.batch([
    db
      .select(userColumns)
      .from(identities)
      .where(where)
      .orderBy(
        order(
          query.sort,
          { created_at: identities.created_at, name: identities.name, email: identities.email },
          identities.created_at,
        ),
        desc(identities.id),
      )
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(identities).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

export const user = async (db: Db, id: UserId) =>
  (await db.select(userColumns).from(identities).where(eq(identities.id, id)))[0]

/** Which tenants these people belong to. The list is one parameter: D1 takes a hundred. */
export const tenantsOfUsers = (db: Db, users: readonly UserId[]) =>
  db
    .select({
      user: memberships.identity_id,
      id: tenants.id,
      name: tenants.name,
      role: memberships.role,
      status: presence,
    })
    .from(memberships)
    .innerJoin(tenants, eq(tenants.id, memberships.tenant_id))
    .where(
      and(
        isPresent,
        inArray(memberships.identity_id, sql`(select value from json_each(${JSON.stringify(users)}))`),
      ),
    )
    .orderBy(asc(tenants.name))

/** Makes somebody a platform admin, or no more: the last one stays. */
export const setPlatformAdmin = (db: Db, id: UserId, is_platform_admin: boolean): Statement =>
  guard(
    db
      .update(identities)
      .set({ is_platform_admin })
      .where(
        and(
          eq(identities.id, id),
          is_platform_admin
            ? undefined
            : sql`(select count(*) from ${identities} where is_platform_admin and id <> ${id}) > 0`,
        ),
      ),
    "admin.last_platform_admin",
  )

/** Whether some platform admin can sign in to a tenant that is not this one, and so restore it. */
export const hasWayBeside = async (db: Db, id: TenantId): Promise<boolean> =>
  (
    await db
      .select({ id: identities.id })
      .from(identities)
      .innerJoin(memberships, eq(memberships.identity_id, identities.id))
      .innerJoin(tenants, eq(tenants.id, memberships.tenant_id))
      .where(and(identities.is_platform_admin, eq(memberships.status, "active"), ne(tenants.id, id), isThere))
      .limit(1)
  ).length > 0

/** Makes an account the platform admin of an installation that has none. */
export const firstPlatformAdmin = (db: Db, id: UserId): Statement =>
  write(
    db
      .update(identities)
      .set({ is_platform_admin: true })
      .where(
        and(eq(identities.id, id), sql`not exists (select 1 from ${identities} where is_platform_admin)`),
      ),
  )

/** Every slot with its tenant, by name. */
export const slotRows = (db: Db) =>
  db
    .select({
      name: slots.name,
      tenant_id: slots.tenant_id,
      tenant_name: tenants.name,
      tenant_status: tenants.status,
      tenant_status_at: tenants.status_at,
      claimed_at: slots.claimed_at,
      migrated_to: slots.migrated_to,
    })
    .from(slots)
    .leftJoin(tenants, eq(tenants.id, slots.tenant_id))
    .orderBy(asc(slots.name))

/** The newest tenants that are active. */
export const newestTenants = (db: Db, most: number) =>
  db
    .select({ id: tenants.id, name: tenants.name, slot: tenants.slot })
    .from(tenants)
    .where(eq(tenants.status, "active"))
    .orderBy(desc(tenants.created_at))
    .limit(most)

/** Somebody's place in a tenant, with what the tenant lets support do. */
export const placeOf = async (db: Db, user: UserId, tenant: TenantId) =>
  (
    await db
      .select({
        role: memberships.role,
        status: memberships.status,
        tenant_status: tenants.status,
        support_access: tenants.support_access,
        slot: tenants.slot,
        is_platform_admin: identities.is_platform_admin,
      })
      .from(memberships)
      .innerJoin(tenants, eq(tenants.id, memberships.tenant_id))
      .innerJoin(identities, eq(identities.id, memberships.identity_id))
      .where(and(eq(memberships.identity_id, user), eq(memberships.tenant_id, tenant)))
  )[0]

type SupportAccess = typeof tenants.$inferSelect.support_access

export const supportAccess = async (db: Db, id: TenantId): Promise<SupportAccess> =>
  (await db.select({ support_access: tenants.support_access }).from(tenants).where(eq(tenants.id, id)))[0]
    ?.support_access ?? "none"

export const setSupportAccess = (db: Db, id: TenantId, support_access: SupportAccess): Statement =>
  guard(db.update(tenants).set({ support_access }).where(eq(tenants.id, id)))

/** Ends the sessions of support in a tenant that go further than it lets in now. */
export const endSupport = (
  db: Db,
  id: TenantId,
  access: "none" | "read",
  now: string,
): [Statement, Statement] => [
  write(
    db
      .update(sessions)
      .set({ ended_at: now, ended_because: "support_closed" })
      .where(
        and(
          eq(sessions.tenant_id, id),
          isNull(sessions.ended_at),
          sql`${sessions.impersonation_id} in (select id from impersonations where tenant_id = ${id}
            and (${access} = 'none' or may_write))`,
        ),
      ),
  ),
  write(
    db
      .update(impersonations)
      .set({ ended_at: now })
      .where(
        and(
          eq(impersonations.tenant_id, id),
          isNull(impersonations.ended_at),
          sql`(${access} = 'none' or ${impersonations.may_write})`,
        ),
      ),
  ),
]
