import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { CollaborationPattern, CrewDraft } from "#core/crew/crew"
import type { AgentId, CrewId } from "#core/ids"

export const crews = sqliteTable(
  "crews",
  {
    id: text().$type<CrewId>().primaryKey(),
    /** The crew as its newest version says; the columns after it are taken from it, for lists. */
    definition: text({ mode: "json" }).$type<CrewDraft>().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    collaboration_pattern: text().$type<CollaborationPattern>().notNull(),
    member_count: integer().notNull(),
    task_count: integer().notNull(),
    /** Its members' agents, each once. */
    agent_ids: text({ mode: "json" }).$type<AgentId[]>().notNull(),
    /** Rises with every change; the ETag. Each is kept in `crew_versions`. */
    version: integer().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [index("crews_created").on(row.created_at), index("crews_updated").on(row.updated_at)],
)

export const crew_versions = sqliteTable(
  "crew_versions",
  {
    crew_id: text()
      .$type<CrewId>()
      .notNull()
      .references(() => crews.id),
    version: integer().notNull(),
    definition: text({ mode: "json" }).$type<CrewDraft>().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
  },
  (row) => [primaryKey({ columns: [row.crew_id, row.version] })],
)
