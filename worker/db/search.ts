import { or, sql, type SQL } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"

/**
 * Whether a column holds a text, whatever the case. Not LIKE: D1 takes patterns of 50 bytes only. SQLite knows the case of ASCII
 * alone, so letters such as Ä are looked for as written, small and great.
 */
export const contains = (column: SQLiteColumn | SQL, text: string): SQL | undefined =>
  or(
    ...[...new Set([text, text.toLowerCase(), text.toUpperCase()])].map(
      (needle) => sql`instr(lower(${column}), lower(${needle})) > 0`,
    ),
  )
