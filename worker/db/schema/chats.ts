import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ChatSession } from "#core/contract/chat"
import type { AgentId, ChatId, CrewId, FlowId } from "#core/ids"

/** The index of chats: what lists and searches need. The truth is in each Chat object. */
export const chat_sessions = sqliteTable(
  "chat_sessions",
  {
    id: text().$type<ChatId>().primaryKey(),
    title: text().notNull(),
    crew_id: text().$type<CrewId>(),
    agent_id: text().$type<AgentId>(),
    flow_id: text().$type<FlowId>(),
    partner: text().notNull(),
    settings: text({ mode: "json" }).$type<ChatSession["settings"]>().notNull(),
    status: text().$type<ChatSession["status"]>().notNull(),
    message_count: integer().notNull(),
    cost_micros: integer().notNull(),
    share_url: text(),
    created_by: text().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [
    index("chat_sessions_updated").on(row.updated_at),
    index("chat_sessions_created").on(row.created_at),
  ],
)

/**
 * Who has written in a chat, from its beginning on: `user_…` and `key_…`, first of all who began it. A chat beside which nobody stands is
 * older than this table, and anybody may have written there.
 */
export const chat_authors = sqliteTable(
  "chat_authors",
  {
    chat_id: text().$type<ChatId>().notNull(),
    author: text().notNull(),
  },
  (row) => [primaryKey({ columns: [row.chat_id, row.author] }), index("chat_authors_author").on(row.author)],
)

/**
 * What was said in chats and, under the chat's own id, its title: for searching. `chat_messages_fts` indexes the texts (FTS5); triggers of
 * the migrations keep it and the titles, for drizzle-kit knows no virtual tables.
 */
export const chat_messages = sqliteTable(
  "chat_messages",
  {
    /** The row of `chat_messages_fts`. */
    row: integer().primaryKey({ autoIncrement: true }),
    id: text().$type<string>().notNull().unique(),
    chat_id: text().$type<ChatId>().notNull(),
    content: text().notNull(),
    created_at: text().notNull(),
  },
  (row) => [index("chat_messages_chat").on(row.chat_id)],
)
