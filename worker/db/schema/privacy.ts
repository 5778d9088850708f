import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ErasedCounts, ErasureScope, ErasureStatus, ErasureSubject } from "#core/privacy/erasure"
import type { HoldTarget } from "#core/privacy/hold"
import type { Redaction } from "#core/privacy/redact"
import type { Retention, RetentionKind } from "#core/privacy/retention"
import type { ErasureId, HoldId } from "#core/ids"

/** One row, once somebody has changed how long things are kept, or what traces may hold. */
export const privacy_settings = sqliteTable("privacy_settings", {
  id: text().$type<"privacy">().primaryKey(),
  retention: text({ mode: "json" }).$type<Retention>().notNull(),
  redaction: text().$type<Redaction>().notNull(),
  updated_by: text().notNull(),
  updated_at: text().notNull(),
})

/** What must not be deleted. One that was lifted stays, to show that there was one. */
export const legal_holds = sqliteTable(
  "legal_holds",
  {
    id: text().$type<HoldId>().primaryKey(),
    target: text().$type<HoldTarget>().notNull(),
    reason: text().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
    lifted_by: text(),
    lifted_at: text(),
  },
  (row) => [index("legal_holds_target").on(row.target)],
)

/** What sweeps have deleted, by kind, and how far a walk through files has come. */
export const retention_sweeps = sqliteTable("retention_sweeps", {
  kind: text().$type<RetentionKind>().primaryKey(),
  removed: integer().notNull(),
  last_removed: integer().notNull(),
  last_at: text().notNull(),
  place: text(),
})

/** Who asked for what to be erased, and what became of it: without anything of the person's but the id that stays. */
export const erasures = sqliteTable(
  "erasures",
  {
    id: text().$type<ErasureId>().primaryKey(),
    subject: text().$type<ErasureSubject>().notNull(),
    scope: text().$type<ErasureScope>().notNull(),
    reason: text().notNull(),
    status: text().$type<ErasureStatus>().notNull(),
    counts: text({ mode: "json" }).$type<ErasedCounts>(),
    requested_by: text().notNull(),
    requested_at: text().notNull(),
    expires_at: text().notNull(),
    confirmed_by: text(),
    confirmed_at: text(),
    finished_at: text(),
  },
  (row) => [index("erasures_requested").on(row.requested_at), index("erasures_status").on(row.status)],
)
