import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/** One row, once somebody has changed what holds for the whole workspace. */
export const workspace_settings = sqliteTable("workspace_settings", {
  id: text().$type<"workspace">().primaryKey(),
  review_before_publish: integer({ mode: "boolean" }).notNull(),
  updated_by: text().notNull(),
  updated_at: text().notNull(),
})
