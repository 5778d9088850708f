import { and, eq, lte, sql } from "drizzle-orm"
import { ownExecution, type ChatId, type ExecutionId, type FlowId, type TenantId } from "#core/ids"
import { erasedName, erasedWords, type ErasedCounts } from "#core/privacy/erasure"
import { guard, write, type Db, type Statement } from "./commit.ts"
import { statement } from "./erase.ts"
import { tenants } from "./schema/control.ts"

/** What is told of a tenant's erasure: how much there was. */
const counted = [
  "flows",
  "agents",
  "crews",
  "tools",
  "triggers",
  "credentials",
  "executions",
  "chat_sessions",
  "chat_messages",
  "spans",
  "audit_entries",
] as const

const countOf = (table: string, where = sql`1 = 1`) =>
  sql`(select count(*) from ${sql.identifier(table)} where ${where}) as ${sql.identifier(table)}`

/** How much there is of what people know by name, in the tenant's database and in the control database. */
export async function countAll(db: Db, control: Db, id: TenantId): Promise<ErasedCounts> {
  const here = sql.join(
    counted.map((table) => countOf(table)),
    sql`, `,
  )
  const ours = sql`tenant_id = ${id}`
  const [[its = {}], [people = {}]] = await Promise.all([
    db.all<ErasedCounts>(sql`select ${here}`),
    control.all<ErasedCounts>(sql`select ${countOf("memberships", ours)}, ${countOf("api_keys", ours)}`),
  ])
  return { ...its, ...people }
}

/** Begins a tenant's erasure, if it was deleted before a time and nobody has restored it since. */
export const begin = (db: Db, id: TenantId, before: string, counts: ErasedCounts): Statement =>
  guard(
    db
      .update(tenants)
      .set({ status: "erasing", erased_counts: counts })
      .where(and(eq(tenants.id, id), eq(tenants.status, "deleted"), lte(tenants.status_at, before))),
    "tenant.not_found",
  )

const of = (id: TenantId) => sql`(select id from sessions where tenant_id = ${id})`

/** Everything by which anybody could act in a tenant, or come into it, is gone. */
export const shutDoors = (id: TenantId): [Statement, ...Statement[]] => [
  statement(sql`delete from tickets where session_id in ${of(id)}`),
  statement(sql`delete from refresh_tokens where session_id in ${of(id)}`),
  statement(sql`delete from sessions where tenant_id = ${id}`),
  statement(sql`delete from api_keys where tenant_id = ${id}`),
  statement(sql`delete from invitations where tenant_id = ${id}`),
  statement(sql`delete from password_resets where tenant_id = ${id}`),
  statement(sql`delete from sso_logins where tenant_id = ${id}`),
  statement(sql`delete from sso_subjects where tenant_id = ${id}`),
  statement(sql`delete from sso_connections where tenant_id = ${id}`),
]

type Ids<T> = Promise<T[]>
const firstOf = async <T>(db: Db, text: ReturnType<typeof sql>): Ids<T> =>
  (await db.all<{ id: T }>(text)).map(({ id }) => id)

/** The next of what has an object of its own; each goes from the database behind its object. */
export const nextChats = (db: Db, most: number): Ids<ChatId> =>
  firstOf(db, sql`select id from chat_sessions limit ${most}`)
export const nextFlows = (db: Db, most: number): Ids<FlowId> =>
  firstOf(db, sql`select id from flows limit ${most}`)
/** Executions whose id says that they have one. */
export const nextExecutions = (db: Db, most: number): Ids<ExecutionId> =>
  firstOf(
    db,
    sql`select id from executions where substr(id, 1, ${ownExecution.length}) = ${ownExecution} limit ${most}`,
  )

/** An execution of each lane that the index knows: two signs of the id say which it is. */
export const oneOfEachLane = (db: Db): Ids<ExecutionId> =>
  firstOf(db, sql`select min(id) as id from executions group by substr(id, 1, 7)`)

/** Without it nothing that was sealed for the tenant can be opened, wherever a copy of it may lie. */
export const destroyKey = (db: Db, id: TenantId): Statement =>
  write(db.update(tenants).set({ data_key: "" }).where(eq(tenants.id, id)))

/**
 * The people who have no other tenant, whose account is the tenant's therefore. Platform admins stay: they are the installation's, which
 * must not lose its last one by that.
 */
const alone = (id: TenantId) => sql`(
  select m.identity_id from memberships m join identities i on i.id = m.identity_id
  where m.tenant_id = ${id} and not i.is_platform_admin
    and not exists (select 1 from memberships o where o.identity_id = i.id and o.tenant_id <> ${id})
    and not exists (select 1 from sessions o where o.identity_id = i.id)
    and not exists (select 1 from api_keys o where o.owner_id = i.id)
    and not exists (select 1 from invitations o where o.owner_id = i.id)
    and not exists (select 1 from sso_subjects o where o.identity_id = i.id))`

type Person = { id: string; email: string }

/** Those people, a page at a time in the order of their ids. */
export const alonePage = (db: Db, id: TenantId, after: string, most: number): Promise<Person[]> =>
  db.all(
    sql`select id, email from identities where id > ${after} and id in ${alone(id)} order by id limit ${most}`,
  )

/**
 * The end: nobody is known of the tenant, nor the tenant itself. Its row stays without a name, with the slot that it has, so that no
 * other tenant is given a database that somebody late could still mean. Where a platform admin acted in a person's name, that account
 * stays as an id: the record is the admin's.
 */
export const forget = (db: Db, id: TenantId, at: string): [Statement, ...Statement[]] => [
  statement(sql`delete from password_resets where identity_id in ${alone(id)}`),
  statement(sql`update impersonations set reason = ${erasedWords} where tenant_id = ${id}`),
  statement(
    sql`update identities set email = id || '@erased.invalid', name = ${erasedName}, password_hash = '', preferences = '{}'
        where id in ${alone(id)}`,
  ),
  statement(sql`delete from memberships where tenant_id = ${id}`),
  statement(
    sql`delete from identities where email = id || '@erased.invalid'
        and not exists (select 1 from memberships where identity_id = identities.id)
        and not exists (select 1 from impersonations where user_id = identities.id or admin_id = identities.id)`,
  ),
  statement(sql`delete from audit_entries where tenant_id = ${id}`),
  guard(
    db
      .update(tenants)
      .set({
        status: "erased",
        name: "",
        slug: id,
        data_key: "",
        support_access: "none",
        status_reason: null,
        status_by: null,
        status_at: at,
        erased_counts: null,
      })
      .where(and(eq(tenants.id, id), eq(tenants.status, "erasing"))),
    "tenant.not_found",
  ),
]

/** What was counted when a tenant's erasure began, and who had deleted it when. */
export const begun = async (db: Db, id: TenantId) =>
  (
    await db
      .select({ counts: tenants.erased_counts, by: tenants.status_by, at: tenants.status_at })
      .from(tenants)
      .where(eq(tenants.id, id))
  )[0]
