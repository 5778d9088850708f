import { slotNames } from "#worker/db/tenant"
import { testEnv } from "./tenants.ts"

type Rows = Record<string, unknown>[]

/**
 * Entries of these are written into the control database, and go on to their tenant's whenever its Sealer comes to it; those of
 * refusals are written behind the answer.
 */
const passing = /^(session|tenant|user|key|ticket|access)\./

/** What a Sealer adds to an entry, some time behind the mutation that wrote it. */
const sealing = new Set(["seq", "prev", "hash", "commitment", "detail_key"])

const withoutSeals = (rows: Rows): Rows =>
  rows
    .filter((row) => !passing.test(String(row["action"])))
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !sealing.has(name))))

/** Everything that a database holds, by table, but what Sealers do: to see that something changed nothing. */
export async function dump(d1: D1Database): Promise<Record<string, Rows>> {
  const { audit_entries = [], ...tables } = await everythingIn(d1)
  return { ...tables, audit_entries: withoutSeals(audit_entries) }
}

/** Everything that a database holds, by table. */
export async function everythingIn(d1: D1Database): Promise<Record<string, Rows>> {
  const { results } = await d1
    .prepare("select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'")
    .all<{ name: string }>()
  const tables = results.map((row) => row.name)
  const rows = await Promise.all(tables.map((name) => d1.prepare(`select * from "${name}"`).all()))
  return Object.fromEntries(tables.map((name, i): [string, Rows] => [name, rows[i]!.results]))
}

export const dumpControl = (): Promise<Record<string, Rows>> => dump(testEnv.CONTROL_DB)

export const slotOf = (slot: string): D1Database => {
  if (!slotNames(testEnv).includes(slot)) throw new Error(`${slot} is not bound`)
  return Reflect.get(testEnv, slot) as D1Database
}

/** The database of a tenant, as the control database says. */
export async function databaseOf(tenant: string): Promise<D1Database> {
  const row = await testEnv.CONTROL_DB.prepare("select slot from tenants where id = ?")
    .bind(tenant)
    .first<{ slot: string }>()
  return slotOf(row?.slot ?? "")
}
