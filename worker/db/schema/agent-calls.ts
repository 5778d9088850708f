import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/** When agents with a limit a minute were, or will be, asked: the places of the last minute and of what waits. */
export const agentCalls = sqliteTable(
  "agent_calls",
  {
    row: integer().primaryKey(),
    agent_id: text().notNull(),
    /** Milliseconds since 1970. */
    at: integer().notNull(),
  },
  (table) => [index("agent_calls_by_agent").on(table.agent_id, table.at)],
)
