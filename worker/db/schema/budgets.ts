import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { BudgetMode, BudgetPeriod, BudgetScope } from "#core/governor/budget"
import type { BudgetId } from "#core/ids"

/** What may be spent. What was spent stands in the tenant's governor. Rows are never deleted: their versions together number the book. */
export const budgets = sqliteTable(
  "budgets",
  {
    id: text().$type<BudgetId>().primaryKey(),
    name: text().notNull(),
    scope: text().$type<BudgetScope>().notNull(),
    target_id: text(),
    limit_micros: integer().notNull(),
    period: text().$type<BudgetPeriod>().notNull(),
    mode: text().$type<BudgetMode>().notNull(),
    alert_webhook_url: text(),
    /** Sealed by the vault, with its masked end. */
    alert_webhook_secret: text(),
    alert_webhook_hint: text(),
    alert_emails: text({ mode: "json" }).$type<string[]>().notNull(),
    is_active: integer({ mode: "boolean" }).notNull(),
    version: integer().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [index("budgets_created").on(row.created_at)],
)
