import { and, asc, count, desc, eq, gt, isNull, lt, or, sql, type SQL } from "drizzle-orm"
import type { apiKeysApi } from "#core/contract/api-keys"
import type { QueryOf } from "#core/contract/endpoint"
import type { ApiKeyId, TenantId, UserId } from "#core/ids"
import { guard, write, type Db, type Statement } from "./commit.ts"
import { contains } from "./search.ts"
import { isThere } from "./there.ts"
import { api_keys, memberships, tenants } from "./schema/control.ts"

export type ApiKeyRow = typeof api_keys.$inferSelect

export type Known = { digest: string } | { id: ApiKeyId }

/** A key, with the present role of the person it belongs to. */
export async function known(db: Db, by: Known) {
  const [row] = await db
    .select({
      id: api_keys.id,
      tenant_id: api_keys.tenant_id,
      slot: tenants.slot,
      role: memberships.role,
      scopes: api_keys.scopes,
      restrictions: api_keys.restrictions,
      owner_id: api_keys.owner_id,
      expires_at: api_keys.expires_at,
    })
    .from(api_keys)
    .innerJoin(tenants, eq(tenants.id, api_keys.tenant_id))
    .innerJoin(
      memberships,
      and(
        eq(memberships.identity_id, api_keys.owner_id),
        eq(memberships.tenant_id, api_keys.tenant_id),
        eq(memberships.status, "active"),
      ),
    )
    .where(
      and(
        "digest" in by ? eq(api_keys.digest, by.digest) : eq(api_keys.id, by.id),
        isNull(api_keys.revoked_at),
        isThere,
      ),
    )
  return row
}

const inTenant = (tenant: TenantId) => and(eq(api_keys.tenant_id, tenant), isNull(api_keys.revoked_at))

const sortable = { created_at: api_keys.created_at, name: api_keys.name, used_at: api_keys.used_at }

export async function list(db: Db, tenant: TenantId, query: QueryOf<typeof apiKeysApi.list>) {
  const where: SQL | undefined = and(
    inTenant(tenant),
    query.search ? contains(api_keys.name, query.search) : undefined,
  )
  const column = sortable[query.sort.replace(/^-/, "") as keyof typeof sortable]
  const order = query.sort.startsWith("-") ? desc(column) : asc(column)
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(api_keys)
      .where(where)
      .orderBy(order, desc(api_keys.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(api_keys).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

export const ownerOf = async (db: Db, id: ApiKeyId) =>
  (await db.select({ owner_id: api_keys.owner_id }).from(api_keys).where(eq(api_keys.id, id)))[0]?.owner_id

export const insert = (db: Db, row: typeof api_keys.$inferInsert): Statement =>
  write(db.insert(api_keys).values(row))

export const revoke = (db: Db, tenant: TenantId, id: ApiKeyId, now: string): Statement =>
  guard(
    db
      .update(api_keys)
      .set({ revoked_at: now })
      .where(and(eq(api_keys.id, id), inTenant(tenant))),
    "key.not_found",
  )

/** The digest of a key, so that this isolate can forget it at once. */
export const digestOfKey = async (db: Db, tenant: TenantId, id: ApiKeyId) =>
  (
    await db
      .select({ digest: api_keys.digest })
      .from(api_keys)
      .where(and(eq(api_keys.id, id), inTenant(tenant)))
  )[0]?.digest

/** Notes a use, at most once a minute. */
export const touch = (db: Db, id: ApiKeyId, now: string, minuteAgo: string) =>
  db
    .update(api_keys)
    .set({ used_at: now })
    .where(and(eq(api_keys.id, id), or(isNull(api_keys.used_at), lt(api_keys.used_at, minuteAgo))))

/** Revokes the keys of a person who was removed from the tenant; of anybody else, none. */
export const revokeOfRemoved = (db: Db, tenant: TenantId, user: UserId, now: string): Statement =>
  write(
    db
      .update(api_keys)
      .set({ revoked_at: now })
      .where(
        and(
          inTenant(tenant),
          eq(api_keys.owner_id, user),
          sql`exists (select 1 from memberships m where m.identity_id = ${user}
              and m.tenant_id = ${tenant} and m.status = 'removed')`,
        ),
      ),
  )

/** Which of these keys still open anything, with their scopes and their owners' present roles. */
export const standing = (db: Db, ids: readonly ApiKeyId[], now: string) =>
  db
    .select({
      id: api_keys.id,
      tenant_id: api_keys.tenant_id,
      owner_id: api_keys.owner_id,
      role: memberships.role,
      scopes: api_keys.scopes,
      tenant_status: tenants.status,
    })
    .from(api_keys)
    .innerJoin(tenants, eq(tenants.id, api_keys.tenant_id))
    .innerJoin(
      memberships,
      and(
        eq(memberships.identity_id, api_keys.owner_id),
        eq(memberships.tenant_id, api_keys.tenant_id),
        eq(memberships.status, "active"),
      ),
    )
    .where(
      and(
        sql`${api_keys.id} in (select value from json_each(${JSON.stringify(ids)}))`,
        isNull(api_keys.revoked_at),
        or(isNull(api_keys.expires_at), gt(api_keys.expires_at, now)),
        isThere,
      ),
    )
