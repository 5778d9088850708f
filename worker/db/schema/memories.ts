import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import type { ExecutionId } from "#core/ids"
import type { Holder } from "#core/memory/holder"

/**
 * What agents and crews remember. `memories_fts` indexes the texts (FTS5; triggers of the migration keep it): drizzle-kit knows no
 * virtual tables, so it stands there alone.
 */
export const memories = sqliteTable(
  "memories",
  {
    /** The row of `memories_fts`. */
    row: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    /** Whose it is: an agent or a crew. */
    holder: text().$type<Holder>().notNull(),
    text: text().notNull(),
    /** SHA-256 of the text without its case and spacing: nothing is remembered twice. */
    digest: text().notNull(),
    /** Where it was learned first, and who had begun that; null in those of before this was noted. */
    execution_id: text().$type<ExecutionId>(),
    actor: text(),
    created_at: text().notNull(),
    /** When it was last recalled. */
    used_at: text(),
  },
  (row) => [
    uniqueIndex("memories_once").on(row.holder, row.digest),
    index("memories_holder").on(row.holder, row.created_at),
    index("memories_execution").on(row.execution_id),
    index("memories_actor").on(row.actor),
  ],
)
