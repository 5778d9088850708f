import { sql } from "drizzle-orm"
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import type { ToolDraft } from "#core/tool/tool"
import type { ToolId } from "#core/ids"

export const tools = sqliteTable(
  "tools",
  {
    id: text().$type<ToolId>().primaryKey(),
    definition: text({ mode: "json" }).$type<ToolDraft>().notNull(),
    /** A model knows a tool by its name, so no two have the same. */
    name: text().notNull(),
    description: text().notNull(),
    /** Rises with every change; the ETag. Each is kept in `tool_versions`. */
    version: integer().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [
    index("tools_created").on(row.created_at),
    uniqueIndex("tools_name")
      .on(row.name)
      .where(sql`${row.deleted_at} is null`),
  ],
)

export const tool_versions = sqliteTable(
  "tool_versions",
  {
    tool_id: text()
      .$type<ToolId>()
      .notNull()
      .references(() => tools.id),
    version: integer().notNull(),
    definition: text({ mode: "json" }).$type<ToolDraft>().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
  },
  (row) => [primaryKey({ columns: [row.tool_id, row.version] })],
)
