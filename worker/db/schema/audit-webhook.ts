import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

/** One row, while signed checkpoints are sent to an address. What became of them stands in the tenant's sealer. */
export const audit_webhooks = sqliteTable("audit_webhooks", {
  id: text().$type<"webhook">().primaryKey(),
  url: text().notNull(),
  /** Sealed by the vault, with its masked end. */
  secret: text().notNull(),
  hint: text().notNull(),
  version: integer().notNull(),
  updated_by: text().notNull(),
  updated_at: text().notNull(),
})
