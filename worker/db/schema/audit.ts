import { index, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { TenantId } from "#core/ids"

/**
 * Who did what. The table stands in both kinds of database, because an entry is written in the batch of the mutation it tells of:
 * a tenant's own mutations in its database, those of identities, sessions and keys in the control database.
 */
export const audit_entries = sqliteTable(
  "audit_entries",
  {
    id: text().primaryKey(),
    at: text().notNull(),
    tenant_id: text().$type<TenantId>(),
    actor: text().notNull(),
    action: text().notNull(),
    target: text(),
    /** JSON: what changed, without secrets. */
    detail: text().notNull(),
    request_id: text().notNull(),
  },
  (row) => [index("audit_entries_at").on(row.at), index("audit_entries_target").on(row.target)],
)
