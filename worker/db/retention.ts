import { and, asc, isNotNull, lt, notInArray, or, sql, type SQL } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import type { ChatId, ExecutionId } from "#core/ids"
import { write, type Db, type Statement } from "./commit.ts"
import { notHeld } from "./privacy.ts"
import { agent_versions, agents } from "./schema/agents.ts"
import { approvals } from "./schema/approvals.ts"
import { chat_authors, chat_messages, chat_sessions } from "./schema/chats.ts"
import { credentials } from "./schema/credentials.ts"
import { crew_versions, crews } from "./schema/crews.ts"
import { executions } from "./schema/executions.ts"
import { flow_origins, flow_versions, flows } from "./schema/flows.ts"
import { llm_providers } from "./schema/llm-providers.ts"
import { flow_reviews } from "./schema/reviews.ts"
import { resource_access } from "./schema/shares.ts"
import { spans } from "./schema/spans.ts"
import { tool_versions, tools } from "./schema/tools.ts"
import { trigger_deliveries, trigger_receipts, triggers } from "./schema/triggers.ts"

/** One parameter whatever their number, since D1 takes a hundred. */
const among = (column: SQLiteColumn, ids: readonly string[]): SQL =>
  sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`

const idsOf = <T extends string>(rows: { id: T }[]): T[] => rows.map(({ id }) => id)

const freeExecution = and(
  isNotNull(executions.finished_at),
  notHeld(sql`executions.id`, sql`executions.flow_id`, sql`executions.actor`),
)

/** Executions that ended before one time or were deleted before another, and that nothing holds; the oldest first. */
export const executionsToForget = async (
  db: Db,
  ended: string | undefined,
  deleted: string | undefined,
  most: number,
): Promise<ExecutionId[]> =>
  idsOf(
    await db
      .select({ id: executions.id })
      .from(executions)
      .where(
        and(
          freeExecution,
          or(
            ended === undefined ? undefined : lt(executions.finished_at, ended),
            deleted === undefined ? undefined : lt(executions.deleted_at, deleted),
          ),
        ),
      )
      .orderBy(asc(executions.finished_at))
      .limit(most),
  )

/** All that the database has of executions. Their journals and files are gone before. */
export const forgetExecutions = (db: Db, ids: readonly ExecutionId[]): [Statement, ...Statement[]] => [
  write(db.delete(spans).where(among(spans.execution_id, ids))),
  write(db.delete(approvals).where(among(approvals.execution_id, ids))),
  write(db.delete(executions).where(among(executions.id, ids))),
]

/** Spans that began before a time, of executions that have ended; the oldest first. */
export async function spansToForget(
  db: Db,
  before: string,
  which: "tools" | "all",
  most: number,
): Promise<string[]> {
  const kind = which === "tools" ? sql`${spans.kind} = 'tool'` : undefined
  const isGoingOn = sql`exists (select 1 from executions where executions.id = spans.execution_id and executions.finished_at is null)`
  const isHeld = sql`exists (select 1 from executions where executions.id = spans.execution_id and not ${notHeld(sql`executions.actor`)})`
  const rows = await db
    .select({ id: spans.id })
    .from(spans)
    .where(
      and(
        lt(spans.start_time, before),
        kind,
        sql`not ${isGoingOn}`,
        notHeld(sql`spans.execution_id`, sql`spans.flow_id`),
        sql`not ${isHeld}`,
      ),
    )
    .orderBy(asc(spans.start_time))
    .limit(most)
  return idsOf(rows)
}

export const forgetSpans = (db: Db, ids: readonly string[]): Statement =>
  write(db.delete(spans).where(among(spans.id, ids)))

/** Of some executions, those whose files may go: what has ended before a time, is not held, or is not known at all. */
export async function filesMayGo(
  db: Db,
  ids: readonly ExecutionId[],
  before: string,
): Promise<ExecutionId[]> {
  const known = await db
    .select({
      id: executions.id,
      mayGo: sql<number>`${freeExecution} and ${executions.finished_at} < ${before}`,
    })
    .from(executions)
    .where(among(executions.id, ids))
  const kept = new Set(known.filter(({ mayGo }) => mayGo !== 1).map(({ id }) => id))
  return ids.filter((id) => !kept.has(id))
}

const freeChat = and(
  sql`${chat_sessions.status} = 'idle'`,
  notHeld(sql`chat_sessions.id`, sql`chat_sessions.flow_id`, sql`chat_sessions.created_by`),
)

/** Chats in which nobody has spoken since one time, or that were deleted before another, and that nothing holds. */
export const chatsToForget = async (
  db: Db,
  quiet: string | undefined,
  deleted: string | undefined,
  most: number,
): Promise<ChatId[]> =>
  idsOf(
    await db
      .select({ id: chat_sessions.id })
      .from(chat_sessions)
      .where(
        and(
          freeChat,
          or(
            quiet === undefined ? undefined : lt(chat_sessions.updated_at, quiet),
            deleted === undefined ? undefined : lt(chat_sessions.deleted_at, deleted),
          ),
        ),
      )
      .orderBy(asc(chat_sessions.updated_at))
      .limit(most),
  )

/** Hides chats from everybody before their objects are emptied: a word of theirs that is still under way then brings nothing back. */
export const hideChats = (db: Db, ids: readonly ChatId[], at: string): Statement =>
  write(
    db
      .update(chat_sessions)
      .set({ deleted_at: at })
      .where(and(among(chat_sessions.id, ids), sql`${chat_sessions.deleted_at} is null`)),
  )

/** All that the database has of chats. The index shall not keep their words until it happens to merge its segments. */
export const forgetChats = (db: Db, ids: readonly ChatId[]): [Statement, ...Statement[]] => [
  {
    query: {
      sql: "insert into chat_messages_fts (chat_messages_fts, rank) values ('secure-delete', 1)",
      params: [],
    },
  },
  write(db.delete(chat_messages).where(among(chat_messages.chat_id, ids))),
  write(db.delete(chat_authors).where(among(chat_authors.chat_id, ids))),
  write(db.delete(chat_sessions).where(among(chat_sessions.id, ids))),
]

/** Deliveries before a time, of flows that nothing holds. */
export async function deliveriesToForget(db: Db, before: string, most: number): Promise<string[]> {
  const isHeld = sql`exists (select 1 from triggers where triggers.id = trigger_deliveries.trigger_id and not ${notHeld(sql`triggers.flow_id`)})`
  const isGoingOn = sql`exists (select 1 from executions where executions.id = trigger_deliveries.execution_id and executions.finished_at is null)`
  const rows = await db
    .select({ id: trigger_deliveries.id })
    .from(trigger_deliveries)
    .where(
      and(
        lt(trigger_deliveries.at, before),
        notHeld(sql`trigger_deliveries.execution_id`),
        sql`not ${isHeld}`,
        sql`not ${isGoingOn}`,
      ),
    )
    .orderBy(asc(trigger_deliveries.at))
    .limit(most)
  return idsOf(rows)
}

export const forgetDeliveries = (db: Db, ids: readonly string[]): Statement =>
  write(db.delete(trigger_deliveries).where(among(trigger_deliveries.id, ids)))

type Deletable = { id: SQLiteColumn; deleted_at: SQLiteColumn }

/** What people have deleted besides executions and chats; each with the rows that hang on it, which go first. */
const deletables = {
  triggers: { of: triggers, with: [trigger_deliveries.trigger_id, trigger_receipts.trigger_id] },
  flows: {
    of: flows,
    with: [flow_reviews.flow_id, flow_origins.flow_id, flow_versions.flow_id, resource_access.resource_id],
  },
  crews: { of: crews, with: [crew_versions.crew_id, resource_access.resource_id] },
  agents: { of: agents, with: [agent_versions.agent_id, resource_access.resource_id] },
  tools: { of: tools, with: [tool_versions.tool_id] },
  credentials: { of: credentials, with: [] },
  llm_providers: { of: llm_providers, with: [] },
} as const satisfies Record<string, { of: Deletable; with: readonly SQLiteColumn[] }>

export type Deletables = keyof typeof deletables
export const allDeletables = Object.keys(deletables) as Deletables[]

/** What of a kind was deleted before a time, and nothing holds; a flow of which something is going on stays. */
export async function deletedBefore(
  db: Db,
  what: Deletables,
  before: string,
  most: number,
): Promise<string[]> {
  const { of } = deletables[what]
  const goingOn = db
    .select({ flow_id: executions.flow_id })
    .from(executions)
    .where(sql`${executions.finished_at} is null`)
  return idsOf(
    await db
      .select({ id: sql<string>`${of.id}` })
      .from(of)
      .where(
        and(
          lt(of.deleted_at, before),
          what === "flows"
            ? notHeld(sql`flows.id`)
            : what === "triggers"
              ? notHeld(sql`triggers.flow_id`)
              : notHeld(),
          what === "flows" ? notInArray(flows.id, goingOn as never) : undefined,
        ),
      )
      .limit(most),
  )
}

export function forgetDeleted(db: Db, what: Deletables, ids: readonly string[]): Statement[] {
  const { of, with: hanging } = deletables[what]
  const own = write(db.delete(of).where(among(of.id, ids)))
  return [...hanging.map((column) => write(db.delete(column.table).where(among(column, ids)))), own]
}
