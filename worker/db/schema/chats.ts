import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ChatSession } from "#core/contract/chat"
import type { AgentId, ChatId, CrewId, FlowId, MessageId } from "#core/ids"

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

/** What was said in chats, for searching. */
export const chat_messages = sqliteTable(
  "chat_messages",
  {
    id: text().$type<MessageId>().primaryKey(),
    chat_id: text().$type<ChatId>().notNull(),
    content: text().notNull(),
    created_at: text().notNull(),
  },
  (row) => [index("chat_messages_chat").on(row.chat_id)],
)
