import { and, asc, count, desc, eq, getTableColumns, isNull, sql } from "drizzle-orm"
import type { chatApi, ChatSession } from "#core/contract/chat"
import type { QueryOf } from "#core/contract/endpoint"
import type { ChatId } from "#core/ids"
import type { MessageRow, SessionRow } from "#durable/chat/ports"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { bestHits, isMet } from "./chat-search.ts"
import { chat_authors, chat_sessions } from "./schema/chats.ts"
import { visible } from "./shares.ts"

/** What lists show of a row: a chat. */
const { deleted_at, ...shown } = getTableColumns(chat_sessions)

/** Whom a chat is with. */
const partner = sql`coalesce(${chat_sessions.flow_id}, ${chat_sessions.crew_id}, ${chat_sessions.agent_id})`

/** A chat that is not deleted, as the index has it. */
export const byId = async (db: Db, id: ChatId): Promise<ChatSession | undefined> =>
  (
    await db
      .select(shown)
      .from(chat_sessions)
      .where(and(eq(chat_sessions.id, id), isNull(deleted_at), visible(db, partner)))
  )[0]

/** Whether there has ever been one, deleted or not. */
export const hasAny = async (db: Db): Promise<boolean> =>
  (await db.select({ id: chat_sessions.id }).from(chat_sessions).limit(1)).length > 0

export const insert = (db: Db, row: ChatSession): Statement => write(db.insert(chat_sessions).values(row))

/** Who began a chat that was inserted just before, in the same batch: from then on it is known who writes there. */
export const insertBeginner = ({ id, created_by }: ChatSession): Statement =>
  insertWhere(chat_authors, { chat_id: id, author: created_by })

/** Notes that somebody writes in a chat. Of one from before this was noted nothing is: it would look as if nobody else had. */
export async function noteAuthor(db: Db, id: ChatId, author: string): Promise<void> {
  await db.$client
    .prepare(
      `insert or ignore into chat_authors (chat_id, author)
       select ?1, ?2 where exists (select 1 from chat_authors where chat_id = ?1)`,
    )
    .bind(id, author)
    .run()
}

export const markDeleted = (db: Db, id: ChatId, at: string): Statement =>
  guard(
    db
      .update(chat_sessions)
      .set({ deleted_at: at })
      .where(and(eq(chat_sessions.id, id), isNull(deleted_at), visible(db, partner))),
    "chat.not_found",
  )

/** What a person has just changed; the object's own word follows. */
export const change = (
  db: Db,
  id: ChatId,
  fields: Partial<Pick<ChatSession, "title" | "settings" | "share_url">>,
): Statement =>
  guard(
    db
      .update(chat_sessions)
      .set(fields)
      .where(and(eq(chat_sessions.id, id), isNull(deleted_at), visible(db, partner))),
    "chat.not_found",
  )

const sortable = { updated_at: chat_sessions.updated_at, created_at: chat_sessions.created_at }

/** A page of chats. A search looks through titles and what was said, and names the best place in each. */
export async function list(db: Db, query: QueryOf<typeof chatApi.list>) {
  const { search, agent_id, crew_id } = query
  const where = and(
    isNull(deleted_at),
    visible(db, partner),
    agent_id ? eq(chat_sessions.agent_id, agent_id) : undefined,
    crew_id ? eq(chat_sessions.crew_id, crew_id) : undefined,
    search ? isMet(search) : undefined,
  )
  const column = sortable[query.sort.replace(/^-/, "") as keyof typeof sortable]
  const order = query.sort.startsWith("-") ? desc(column) : asc(column)
  const [rows, totals] = await db.batch([
    db
      .select(shown)
      .from(chat_sessions)
      .where(where)
      .orderBy(order, desc(chat_sessions.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(chat_sessions).where(where),
  ])
  const ids = rows.map(({ id }) => id)
  return { rows, hits: search ? await bestHits(db, search, ids) : [], total: totals[0]?.total ?? 0 }
}

const kept = Object.keys(getTableColumns(chat_sessions))

/** Brings the index up to what an object says. Ids make it idempotent, so that an outbox may deliver twice. */
export async function upsert(d1: D1Database, session: SessionRow | undefined, messages: MessageRow[]) {
  const changes = kept
    .filter((name) => name !== "id" && name !== "deleted_at")
    .map((name) => `${name} = excluded.${name}`)
  // What was deleted here meanwhile stays so, whatever an older word says.
  changes.push("deleted_at = coalesce(chat_sessions.deleted_at, excluded.deleted_at)")
  const statements = [
    ...(session
      ? [
          d1
            .prepare(
              `insert into chat_sessions (${kept.join(", ")})
               select ${kept.map((name) => `?1 ->> '$.${name}'`).join(", ")} where true
               on conflict (id) do update set ${changes.join(", ")}`,
            )
            .bind(JSON.stringify(session)),
        ]
      : []),
    d1
      .prepare(
        `insert into chat_messages (id, chat_id, content, created_at)
         select value ->> '$.id', value ->> '$.chat_id', value ->> '$.content', value ->> '$.created_at'
         from json_each(?1)
         where not exists (select 1 from chat_sessions where id = value ->> '$.chat_id' and deleted_at is not null)
         on conflict (id) do update set content = excluded.content`,
      )
      .bind(JSON.stringify(messages)),
  ]
  await d1.batch(statements)
}
