import { and, asc, count, desc, eq, ne, or, sql, type SQL } from "drizzle-orm"
import { managers } from "#core/access/grant"
import type { Role } from "#core/access/roles"
import type { QueryOf } from "#core/contract/endpoint"
import type { Member, membersApi } from "#core/contract/members"
import type { TenantId, UserId } from "#core/ids"
import { guard, type Db, type Statement } from "./commit.ts"
import { contains } from "./search.ts"
import { identities, memberships, sessions } from "./schema/control.ts"

const managing = JSON.stringify(managers)

/** Whether a person looks after a tenant's members at this moment: asked in the very statement that acts on their word. */
export const manages = (tenant: TenantId, person: UserId | SQL): SQL =>
  sql`exists (select 1 from memberships m where m.identity_id = ${person} and m.tenant_id = ${tenant}
      and m.status = 'active' and m.role in (select value from json_each(${managing})))`

const anotherManages = (tenant: TenantId, but: UserId): SQL =>
  sql`exists (select 1 from memberships m where m.identity_id <> ${but} and m.tenant_id = ${tenant}
      and m.status = 'active' and m.role in (select value from json_each(${managing})))`

const lastSeen = sql<string | null>`(select max(s.used_at) from ${sessions} s
    where s.identity_id = ${memberships.identity_id} and s.tenant_id = ${memberships.tenant_id})`

const fields = {
  id: identities.id,
  email: identities.email,
  name: identities.name,
  role: memberships.role,
  status: sql<Member["status"]>`${memberships.status}`,
  created_at: memberships.created_at,
  last_seen_at: lastSeen,
}

const inTenant = (tenant: TenantId) =>
  and(eq(memberships.tenant_id, tenant), ne(memberships.status, "removed"))

const sortable = {
  created_at: memberships.created_at,
  name: sql`lower(${identities.name})`,
  email: identities.email,
  role: memberships.role,
  last_seen_at: lastSeen,
}

/** A page of a tenant's members, those who were removed not among them. */
export async function list(db: Db, tenant: TenantId, query: QueryOf<typeof membersApi.list>) {
  const where = and(
    inTenant(tenant),
    query.role ? eq(memberships.role, query.role) : undefined,
    query.status ? eq(memberships.status, query.status) : undefined,
    query.search
      ? or(contains(identities.name, query.search), contains(identities.email, query.search))
      : undefined,
  )
  const column = sortable[query.sort.replace(/^-/, "") as keyof typeof sortable]
  const order = query.sort.startsWith("-") ? desc(column) : asc(column)
  const joined = eq(identities.id, memberships.identity_id)
  const [rows, totals] = await db.batch([
    db
      .select(fields)
      .from(memberships)
      .innerJoin(identities, joined)
      .where(where)
      .orderBy(order, asc(identities.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(memberships).innerJoin(identities, joined).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** One member by their id, or by their address within the tenant. */
export async function one(
  db: Db,
  tenant: TenantId,
  by: { id: UserId } | { email: string },
): Promise<Member | undefined> {
  const [row] = await db
    .select(fields)
    .from(memberships)
    .innerJoin(identities, eq(identities.id, memberships.identity_id))
    .where(and(inTenant(tenant), "id" in by ? eq(identities.id, by.id) : eq(identities.email, by.email)))
    .orderBy(asc(memberships.created_at))
    .limit(1)
  return row
}

/** Whether anybody but this person looks after the tenant. */
export async function isManagedWithout(db: Db, tenant: TenantId, person: UserId): Promise<boolean> {
  const row = await db.get<{ yes: number }>(sql`select ${anotherManages(tenant, person)} as yes`)
  return row?.yes === 1
}

/** Whether anybody active but this person has one of these roles; of those named by id or address, where any are. */
export async function isAnybodyElse(
  db: Db,
  tenant: TenantId,
  but: UserId,
  roles: readonly Role[],
  named: readonly string[],
): Promise<boolean> {
  const isNamed = sql`exists (select 1 from json_each(${JSON.stringify(named)}) where value in (i.id, lower(i.email)))`
  const row = await db.get<{ yes: number }>(
    sql`select exists (select 1 from memberships m join identities i on i.id = m.identity_id
        where m.tenant_id = ${tenant} and m.identity_id <> ${but} and m.status = 'active'
        and m.role in (select value from json_each(${JSON.stringify(roles)}))
        and ${named.length === 0 ? sql`1 = 1` : isNamed}) as yes`,
  )
  return row?.yes === 1
}

/** Whether a person belongs, or belonged until disabled, to other tenants than this one, or runs the installation. */
export async function isElsewhere(db: Db, tenant: TenantId, person: UserId): Promise<boolean> {
  const row = await db.get<{ yes: number }>(sql`select ${reachesFurther(tenant, person)} as yes`)
  return row?.yes === 1
}

/** The same as a condition of a statement. */
export const reachesFurther = (tenant: TenantId, person: UserId): SQL =>
  sql`(exists (select 1 from memberships m where m.identity_id = ${person}
      and m.tenant_id <> ${tenant} and m.status <> 'removed')
    or exists (select 1 from identities i where i.id = ${person} and i.is_platform_admin))`

type Standing = { role: Role; status: "active" | "disabled" | "removed" }

/**
 * Gives a member another role or status, if they still have the one that was read, whoever does it still may, and somebody stays
 * who looks after the tenant. The conditions are the statement's own: of two admins who remove each other, one stays.
 */
export function change(
  db: Db,
  whom: { tenant: TenantId; user: UserId; by: UserId },
  was: Standing,
  now: Standing,
): Statement {
  const { tenant, user, by } = whom
  const manages_on = now.status === "active" && managers.includes(now.role)
  const managed = manages_on || !(was.status === "active" && managers.includes(was.role))
  return guard(
    db
      .update(memberships)
      .set({ role: now.role, status: now.status })
      .where(
        and(
          eq(memberships.identity_id, user),
          eq(memberships.tenant_id, tenant),
          eq(memberships.role, was.role),
          eq(memberships.status, was.status),
          manages(tenant, by),
          managed ? undefined : anotherManages(tenant, user),
        ),
      ),
  )
}

/** Makes a person a member, following the statement before it; who was removed comes back with what is given now. */
export function join(row: {
  identity_id: UserId
  tenant_id: TenantId
  role: Role
  created_at: string
}): Statement {
  const { identity_id, tenant_id, role, created_at } = row
  return {
    query: {
      sql: `insert into memberships (identity_id, tenant_id, role, status, created_at)
        select ?, ?, ?, 'active', ? where changes() = 1
        on conflict (identity_id, tenant_id) do update
          set role = excluded.role, status = 'active', created_at = excluded.created_at where status = 'removed'`,
      params: [identity_id, tenant_id, role, created_at],
    },
  }
}
