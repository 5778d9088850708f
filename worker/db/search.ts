import { sql, type SQL } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"

/** Whether a column holds a text, whatever the case. Not LIKE: D1 takes patterns of 50 bytes only. */
export const contains = (column: SQLiteColumn, text: string): SQL =>
  sql`instr(lower(${column}), ${text.toLowerCase()}) > 0`
