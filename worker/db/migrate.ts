import type { Migration } from "./migrations.ts"

const createLedger = "create table if not exists _migrations (id text primary key, applied_at text not null)"

async function applied(d1: D1Database): Promise<Set<string>> {
  try {
    const { results } = await d1.prepare("select id from _migrations").all<{ id: string }>()
    return new Set(results.map((row) => row.id))
  } catch (error) {
    if (String(error).includes("no such table")) return new Set()
    throw error
  }
}

/**
 * Brings one database up to date and says how many migrations it applied. Each is one batch together with its row in the ledger,
 * so of two isolates that migrate at once one fails on the ledger's primary key, whole, and finds the work done.
 */
export async function migrate(d1: D1Database, migrations: readonly Migration[]): Promise<number> {
  const known = await applied(d1)
  let count = 0
  for (const { id, sql } of migrations) {
    if (known.has(id)) continue
    const statements = sql.split("--> statement-breakpoint").map((one) => d1.prepare(one.trim()))
    const note = d1.prepare("insert into _migrations (id, applied_at) values (?, ?)")
    try {
      await d1.batch([d1.prepare(createLedger), note.bind(id, new Date().toISOString()), ...statements])
      count++
    } catch (error) {
      if (!(await applied(d1)).has(id)) throw error
    }
  }
  return count
}
