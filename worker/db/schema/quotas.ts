import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { QuotaName } from "#core/governor/quota"

/** The limits that the operator has set for this tenant; the others are as usual in the installation. */
export const quotas = sqliteTable("quotas", {
  name: text().$type<QuotaName>().primaryKey(),
  /** Null: there is none. */
  most: integer(),
  updated_by: text().notNull(),
  updated_at: text().notNull(),
})
