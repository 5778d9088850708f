import { sql } from "drizzle-orm"
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import type { TenantId } from "#core/ids"

/**
 * A tenant's audit log: who did what. An entry is written in the batch of the mutation it tells of; a moment later the tenant's
 * Sealer gives it its place in the chain, and from then on nothing of it changes but that an erasure empties `detail` and
 * `detail_key`.
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
    /** JSON: what changed, and from where it was done; without secrets. Null once it is erased. */
    detail: text(),
    request_id: text().notNull(),
    /** 1, 2, 3, … without a gap; null until it is sealed. */
    seq: integer(),
    prev: text(),
    hash: text(),
    commitment: text(),
    /** The key of the commitment, 32 bytes in hexadecimal: who erases the details erases it too. */
    detail_key: text(),
  },
  (row) => [
    index("audit_entries_at").on(row.at),
    uniqueIndex("audit_entries_seq").on(row.seq),
    index("audit_entries_actor").on(row.actor, row.seq),
    index("audit_entries_action").on(row.action, row.seq),
    index("audit_entries_target").on(row.target, row.seq),
    index("audit_entries_waiting")
      .on(row.id)
      .where(sql`seq is null`),
  ],
)
