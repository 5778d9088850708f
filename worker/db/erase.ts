import { sql } from "drizzle-orm"
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core"
import type { ApiKeyId, ChatId, ExecutionId, SessionId, TenantId, UserId } from "#core/ids"
import { erasedName, erasedWords } from "#core/privacy/erasure"
import type { Db, Statement } from "./commit.ts"
import { notHeld } from "./privacy.ts"

const dialect = new SQLiteAsyncDialect()
export const statement = (text: ReturnType<typeof sql>): Statement => ({ query: dialect.sqlToQuery(text) })
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

/** Those of some executions that are still known; held ones stay, whatever they were told. */
export const knownOf = (db: Db, some: readonly ExecutionId[]): Promise<ExecutionId[]> =>
  ids(
    db,
    sql`select id from executions where id in ${among(some)}
        and ${notHeld(sql`executions.id`, sql`executions.flow_id`, sql`executions.actor`)}`,
  )

/** What agents learned in some executions, or in any that somebody began: it repeats what was said there. */
const learned = (executions: readonly ExecutionId[], names: readonly string[]) =>
  sql`memories where (execution_id in ${among(executions)} or actor in ${among(names)})`

/** How many of those there are. */
export const memoriesOf = async (
  db: Db,
  executions: readonly ExecutionId[],
  names: readonly string[],
): Promise<number> =>
  (await db.all<{ n: number }>(sql`select count(*) as n from ${learned(executions, names)}`))[0]?.n ?? 0

/** Those whose execution is gone: a known one may be held, and what was learned in it with it. */
export const memoriesLeftBy = (
  db: Db,
  executions: readonly ExecutionId[],
  names: readonly string[],
): Promise<string[]> =>
  ids(
    db,
    sql`select id from ${learned(executions, names)}
        and not exists (select 1 from executions where executions.id = memories.execution_id)`,
  )

export const forgetMemories = (some: readonly string[]): Statement =>
  statement(sql`delete from memories where id in ${among(some)}`)

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

/**
 * Takes a person's address out of what is the workspace's: questions name them by the id that stays, budgets tell somebody else, and
 * reasons that people gave say no name.
 */
export const unaddress = (email: string, name: string, user: UserId): [Statement, ...Statement[]] => [
  statement(
    sql`update approvals set row = replace(row, ${JSON.stringify(email)}, ${JSON.stringify(user)})
        where instr(row, ${JSON.stringify(email)}) > 0`,
  ),
  statement(
    sql`update budgets set version = version + 1,
          alert_emails = (select json_group_array(value) from json_each(alert_emails) where lower(value) <> ${email})
        where exists (select 1 from json_each(alert_emails) where lower(value) = ${email})`,
  ),
  ...(["erasures", "legal_holds"] as const).flatMap((table) =>
    [email, ...(/\s/.test(name) ? [name] : [])].map((word) =>
      statement(
        sql`update ${sql.identifier(table)} set reason = replace(reason, ${word}, ${erasedWords}) where instr(reason, ${word}) > 0`,
      ),
    ),
  ),
]

/**
 * Takes out of the search indexes what was deleted: FTS5 marks a word as gone and keeps it until its segments happen to be merged.
 * With `secure-delete` it does so no more; what was marked before goes with the merge.
 */
export const tidySearch = (): [Statement, ...Statement[]] => [
  statement(sql`insert into chat_messages_fts (chat_messages_fts, rank) values ('secure-delete', 1)`),
  statement(sql`insert into chat_messages_fts (chat_messages_fts) values ('optimize')`),
  statement(sql`insert into memories_fts (memories_fts, rank) values ('secure-delete', 1)`),
  statement(sql`insert into memories_fts (memories_fts) values ('optimize')`),
]

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

/**
 * The last step: keys and membership go, and the account with them when it has no other tenant. Where a platform admin acted in their
 * name, the account stays as an id that names nobody: that record is the admin's.
 */
export const unknow = (tenant: TenantId, user: UserId, email: string): [Statement, ...Statement[]] => [
  statement(sql`delete from api_keys where owner_id = ${user} and tenant_id = ${tenant}`),
  statement(sql`delete from sso_subjects where identity_id = ${user} and tenant_id = ${tenant}`),
  statement(
    sql`delete from invitations where tenant_id = ${tenant} and (owner_id = ${user} or accepted_by = ${user} or email = ${email})`,
  ),
  statement(
    sql`update impersonations set reason = ${erasedWords} where user_id = ${user} and tenant_id = ${tenant}`,
  ),
  statement(sql`delete from memberships where identity_id = ${user} and tenant_id = ${tenant}`),
  statement(
    sql`delete from password_resets where identity_id = ${user} and (tenant_id = ${tenant} or ${homeless(user)})`,
  ),
  statement(
    sql`update identities set email = id || '@erased.invalid', name = ${erasedName}, password_hash = '', preferences = '{}',
          is_platform_admin = 0 where id = ${user} and ${homeless(user)}`,
  ),
  statement(
    sql`delete from identities where id = ${user} and ${homeless(user)}
        and not exists (select 1 from impersonations where user_id = ${user} or admin_id = ${user})`,
  ),
]

/** Nothing of another tenant's holds on to the account. */
const homeless = (user: UserId) =>
  sql`not exists (select 1 from memberships where identity_id = ${user}) and not exists (select 1 from sessions where identity_id = ${user})
      and not exists (select 1 from api_keys where owner_id = ${user}) and not exists (select 1 from invitations where owner_id = ${user})
      and not exists (select 1 from sso_subjects where identity_id = ${user})`

/** What names them: by one of `words`, each as JSON spells it. */
const naming = (words: readonly string[]) =>
  sql`exists (select 1 from json_each(${JSON.stringify(words)}) where instr(audit_entries.detail, value) > 0)`

/**
 * Entries of a tenant's log with details that are by somebody, or that hold one of their words; `seq` is null until one is sealed. What
 * a platform admin did in their name is that admin's, and stays.
 */
export const auditNaming = (
  db: Db,
  names: readonly string[],
  words: readonly string[],
): Promise<{ seq: number | null }[]> =>
  db.all(
    sql`select seq from audit_entries where detail is not null
        and (${naming(words)} or (actor in ${among(names)} and instr(detail, '"impersonated_by":') = 0)) order by seq`,
  )

/** Takes details away for good, with the keys by which a guess at them could be tested. */
export const destroyDetails = (places: readonly number[]): Statement =>
  statement(
    sql`update audit_entries set detail = null, detail_key = null where seq in (select value from json_each(${JSON.stringify(places)}))`,
  )

/** Entries that stand in no tenant's log are never sealed: they are by somebody whose tenant is not known. */
export const blankHomeless = (names: readonly string[], words: readonly string[]): Statement =>
  statement(
    sql`update audit_entries set detail = '{"erased":true}' where tenant_id is null
        and (actor in ${among(names)} or target in ${among(names)} or ${naming(words)})`,
  )
