import { sql } from "drizzle-orm"
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core"
import type { ApiKeyId, ChatId, ExecutionId, SessionId, TenantId, UserId } from "#core/ids"
import type { Db, Statement } from "./commit.ts"

const dialect = new SQLiteAsyncDialect()
const statement = (text: ReturnType<typeof sql>): Statement => ({ query: dialect.sqlToQuery(text) })
/** One parameter whatever their number, since D1 takes a hundred. */
const among = (names: readonly string[]) => sql`(select value from json_each(${JSON.stringify(names)}))`

type Id<T> = { id: T }
const ids = async <T>(db: Db, text: ReturnType<typeof sql>): Promise<T[]> =>
  (await db.all<Id<T>>(text)).map(({ id }) => id)

/** Chats that somebody began. */
export const chatsOf = (db: Db, names: readonly string[]): Promise<ChatId[]> =>
  ids(db, sql`select id from chat_sessions where created_by in ${among(names)} order by id`)

/** Executions that somebody began, and those in which they answered a question: what they wrote stands in the journal for good. */
export const executionsOf = (db: Db, names: readonly string[]): Promise<ExecutionId[]> =>
  ids(
    db,
    sql`select id from executions where actor in ${among(names)}
        union select execution_id from approvals where row ->> '$.answered_by' in ${among(names)}`,
  )

/** How many flows name an address, in their drafts or versions: those are the workspace's, and somebody must change them. */
export const flowsNaming = async (db: Db, email: string): Promise<number> => {
  const [row] = await db.all<{ n: number }>(
    sql`select count(*) as n from flows where instr(graph, ${email}) > 0
        or exists (select 1 from flow_versions where flow_id = flows.id and instr(flow_versions.graph, ${email}) > 0)`,
  )
  return row?.n ?? 0
}

/** Whether anything in the tenant's index is held that somebody's erasure would take. */
export async function holdsOn(
  db: Db,
  chats: readonly string[],
  executions: readonly string[],
  others: readonly string[],
): Promise<boolean> {
  const rows = await db.all(
    sql`select 1 from legal_holds where lifted_at is null and (target = 'workspace'
        or target in ${among([...chats, ...executions, ...others])}
        or target in (select flow_id from executions where id in ${among(executions)})
        or target in (select flow_id from chat_sessions where id in ${among(chats)})) limit 1`,
  )
  return rows.length > 0
}

/** What somebody wrote into the tenant's database, and caches that may repeat it. */
export const blankWords = (names: readonly string[]): [Statement, ...Statement[]] => [
  statement(
    sql`update flow_reviews set note = '' where requested_by in ${among(names)} or requester in ${among(names)}`,
  ),
  statement(sql`update flow_reviews set reason = '' where answered_by in ${among(names)}`),
  statement(sql`update flow_versions set note = '' where created_by in ${among(names)}`),
  statement(sql`delete from spans where (attributes ->> 'edgecrew.actor') in ${among(names)}`),
  statement(sql`delete from model_answers`),
  // A request that is repeated is told that it is done, and not what it was.
  statement(sql`update idempotency_answers set answer = null`),
]

/** Takes an address out of questions that name it: they name the person by the id that stays. */
export const unaddress = (email: string, user: UserId): Statement =>
  statement(
    sql`update approvals set row = replace(row, ${JSON.stringify(email)}, ${JSON.stringify(user)})
        where instr(row, ${JSON.stringify(email)}) > 0`,
  )

/** By what somebody may act in a tenant, so that this isolate can forget it at once. */
export async function doorsOf(db: Db, tenant: TenantId, user: UserId) {
  const [sessions, keys] = await Promise.all([
    ids<SessionId>(db, sql`select id from sessions where identity_id = ${user} and tenant_id = ${tenant}`),
    db.all<{ id: ApiKeyId; digest: string }>(
      sql`select id, digest from api_keys where owner_id = ${user} and tenant_id = ${tenant}`,
    ),
  ])
  return { sessions, keys }
}

/** Everything of the control database that lets somebody act in a tenant ends; who they are stays until the rest is erased. */
export const shutOut = (tenant: TenantId, user: UserId, at: string): [Statement, ...Statement[]] => {
  const theirs = sql`(select id from sessions where identity_id = ${user} and tenant_id = ${tenant})`
  return [
    statement(sql`delete from tickets where session_id in ${theirs}`),
    statement(sql`delete from refresh_tokens where session_id in ${theirs}`),
    statement(sql`delete from sessions where identity_id = ${user} and tenant_id = ${tenant}`),
    statement(
      sql`update memberships set status = 'disabled' where identity_id = ${user} and tenant_id = ${tenant}`,
    ),
    statement(
      sql`update api_keys set revoked_at = ${at} where owner_id = ${user} and tenant_id = ${tenant} and revoked_at is null`,
    ),
  ]
}

/** The last step: keys and membership go, and the account with them when it has no other tenant. */
export const unknow = (tenant: TenantId, user: UserId): [Statement, ...Statement[]] => [
  statement(sql`delete from api_keys where owner_id = ${user} and tenant_id = ${tenant}`),
  statement(sql`delete from memberships where identity_id = ${user} and tenant_id = ${tenant}`),
  statement(
    sql`delete from identities where id = ${user} and not exists (select 1 from memberships where identity_id = ${user})
        and not exists (select 1 from sessions where identity_id = ${user}) and not exists (select 1 from api_keys where owner_id = ${user})`,
  ),
]

export type AuditRow = { id: string; actor: string; target: string | null; detail: string }

/** Audit entries that are by or about somebody, or that hold one of their words. */
export const auditNaming = (
  db: Db,
  names: readonly string[],
  words: readonly string[],
  tenant: TenantId | undefined,
): Promise<AuditRow[]> =>
  db.all<AuditRow>(
    sql`select id, actor, target, detail from audit_entries
        where (actor in ${among(names)} or target in ${among(names)}
          or exists (select 1 from json_each(${JSON.stringify(words)}) where instr(audit_entries.detail, value) > 0))
        ${tenant === undefined ? sql`` : sql`and tenant_id = ${tenant}`}`,
  )

/** Puts other details in the place of those that were written. */
export async function rewriteAudit(db: Db, rows: readonly Pick<AuditRow, "id" | "detail">[]): Promise<void> {
  const given = JSON.stringify(rows.map(({ id, detail }) => [id, detail]))
  await db.run(
    sql`update audit_entries set detail = (select value ->> 1 from json_each(${given}) where value ->> 0 = audit_entries.id)
        where id in (select value ->> 0 from json_each(${given}))`,
  )
}
