import { index, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { TenantId } from "#core/ids"

/**
 * Entries of what changes the control database: identities, sessions, keys. They are written in the batch of that change, since no
 * batch spans two databases, and go on to their tenant's log when its Sealer seals them.
 */
export const audit_passage = sqliteTable(
  "audit_entries",
  {
    id: text().primaryKey(),
    at: text().notNull(),
    tenant_id: text().$type<TenantId>(),
    actor: text().notNull(),
    action: text().notNull(),
    target: text(),
    /** JSON: what changed, and from where it was done; without secrets. */
    detail: text().notNull(),
    request_id: text().notNull(),
  },
  (row) => [index("audit_entries_at").on(row.at), index("audit_entries_target").on(row.target)],
)
