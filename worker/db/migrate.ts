import { Failure } from "#core/errors"
import type { Migration } from "./migrations.ts"

/** In the ledger of a database whose tenant was erased: nobody opens it again, however late they come. */
const destroyed = "destroyed"

export const ledger = "_migrations"
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
 * so of two isolates that migrate at once one fails on the ledger's primary key, whole, and goes on from there. A new database has
 * nothing in it that takes time: all of them are one batch, and one way there and back.
 */
export async function migrate(d1: D1Database, migrations: readonly Migration[]): Promise<number> {
  const known = await applied(d1)
  if (known.has(destroyed)) throw new Failure("tenant.erased")
  const waiting = migrations.filter(({ id }) => !known.has(id))
  const steps = known.size === 0 ? [waiting] : waiting.map((one) => [one])
  let count = 0
  for (const step of steps) {
    try {
      await d1.batch([d1.prepare(createLedger), ...step.flatMap((one) => statementsOf(d1, one))])
    } catch (error) {
      if ((await applied(d1)).size <= known.size + count) throw error
      return count + (await migrate(d1, migrations))
    }
    count += step.length
  }
  return count
}

function statementsOf(d1: D1Database, { id, sql }: Migration): D1PreparedStatement[] {
  const note = d1.prepare("insert into _migrations (id, applied_at) values (?, ?)")
  const statements = sql.split("--> statement-breakpoint").map((one) => d1.prepare(one.trim()))
  return [note.bind(id, new Date().toISOString()), ...statements]
}

export const isShut = async (d1: D1Database): Promise<boolean> => (await applied(d1)).has(destroyed)

/** Shuts a database for good, for everybody who has not opened it yet. */
export async function shut(d1: D1Database): Promise<void> {
  const note = d1.prepare("insert or ignore into _migrations (id, applied_at) values (?, ?)")
  await d1.batch([d1.prepare(createLedger), note.bind(destroyed, new Date().toISOString())])
}
