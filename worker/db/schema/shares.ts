import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Access, ShareLevel } from "#core/access/level"
import type { UserId } from "#core/ids"

/**
 * Who comes how far with a flow, a crew or an agent, from when that was first said. One row a thing, so that one look by its key tells
 * everything. Its columns have names of their own: it is asked inside of other tables' queries, where drizzle may leave out the table.
 */
export const resource_access = sqliteTable("resource_access", {
  resource_id: text().primaryKey(),
  access: text().$type<Access>().notNull(),
  /** The person who made it, or whose key did. */
  owner_id: text().$type<UserId>(),
  shares: text({ mode: "json" }).$type<Record<UserId, ShareLevel>>().notNull(),
  access_version: integer().notNull(),
  shared_by: text().notNull(),
  shared_at: text().notNull(),
})
