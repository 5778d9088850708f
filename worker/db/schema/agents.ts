import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AgentDraft } from "#core/agent/agent"
import type { AgentId, ProviderId } from "#core/ids"

export const agents = sqliteTable(
  "agents",
  {
    id: text().$type<AgentId>().primaryKey(),
    /** The agent as its newest version says; the columns after it are taken from it, for lists. */
    definition: text({ mode: "json" }).$type<AgentDraft>().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    role: text().notNull(),
    model: text(),
    llm_provider_id: text().$type<ProviderId>(),
    status: text().$type<AgentDraft["status"]>().notNull(),
    tool_count: integer().notNull(),
    /** Rises with every change; the ETag. Each is kept in `agent_versions`. */
    version: integer().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [index("agents_created").on(row.created_at), index("agents_updated").on(row.updated_at)],
)

export const agent_versions = sqliteTable(
  "agent_versions",
  {
    agent_id: text()
      .$type<AgentId>()
      .notNull()
      .references(() => agents.id),
    version: integer().notNull(),
    definition: text({ mode: "json" }).$type<AgentDraft>().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
  },
  (row) => [primaryKey({ columns: [row.agent_id, row.version] })],
)
