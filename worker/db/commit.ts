import { is, SQL, sql, type Query } from "drizzle-orm"
import type { DrizzleD1Database } from "drizzle-orm/d1"
import { getTableConfig, SQLiteAsyncDialect, type SQLiteTable } from "drizzle-orm/sqlite-core"
import { Failure, type FailureCode } from "#core/errors"
import type { ShareLevel } from "#core/access/level"
import type { TenantId, UserId } from "#core/ids"
import { faultOf } from "./fault.ts"

/** For whose eyes a tenant's database is read, and how far a thing must be shared with them to be found (`shares.ts`). */
export type Viewer = { user: UserId; least: ShareLevel }

/** A database; without a viewer, as the installation itself reads it. */
export type Db = DrizzleD1Database & { $client: D1Database; viewer?: Viewer }

/** Who seals audit entries. Nothing is committed with an entry that nobody would seal. */
export type Sealing = {
  /** Resolves when the tenant's sealer can be had; throws `audit.unavailable` otherwise. */
  ready(tenant: TenantId): Promise<void>
  /** Says that entries of a tenant were written; nobody waits for that. */
  written(tenant: TenantId): void
}

/**
 * A write that waits for `commit`. A guard must change a row, or the whole mutation has failed with its code. An audit entry names
 * who is to seal it.
 */
export type Statement = {
  query: Query
  guard?: FailureCode
  sealed?: { by: Sealing; tenant: TenantId }
}

/** What drizzle builds: an insert, update or delete. */
type Builder = { toSQL(): Query }

/** Where an idempotent request's answer is kept: a statement to be committed with the effect. */
export type Receipt = { keep(answer: unknown): Statement; kept: boolean }

export const write = (builder: Builder): Statement => ({ query: builder.toSQL() })

export const guard = (builder: Builder, code: FailureCode = "conflict.stale"): Statement => ({
  query: builder.toSQL(),
  guard: code,
})

/**
 * The only caller of `db.batch`: all statements or none, once per verb, answering with the verb's reply. A statement that
 * should follow a guard says `where changes() = 1`, and so the next one after it: a stale guard leaves nothing written.
 */
export async function commit<T>(
  to: { db: Db; receipt?: Receipt },
  reply: T,
  first: Statement,
  ...rest: Statement[]
): Promise<T> {
  const statements = [first, ...rest]
  const sealed = sealersOf(statements)
  for (const [tenant, by] of sealed) await by.ready(tenant)
  if (to.receipt) statements.push(to.receipt.keep(reply))
  const results = await written(to.db, statements, sealed)
  for (const [i, { guard }] of statements.entries()) {
    if (guard && results[i]?.meta.changes === 0) throw new Failure(guard)
  }
  if (to.receipt) to.receipt.kept = true
  return reply
}

const sealersOf = (statements: readonly Statement[]): Map<TenantId, Sealing> =>
  new Map(statements.flatMap(({ sealed }) => (sealed ? [[sealed.tenant, sealed.by] as const] : [])))

/** Whatever came of it: an answer that was lost may stand for entries that were written. */
async function written(db: Db, statements: Statement[], sealed: Map<TenantId, Sealing>): Promise<D1Result[]> {
  try {
    return await run(db, statements)
  } finally {
    for (const [tenant, by] of sealed) by.written(tenant)
  }
}

async function run(db: Db, statements: Statement[]): Promise<D1Result[]> {
  const d1 = db.$client
  try {
    return await d1.batch(statements.map(({ query }) => d1.prepare(query.sql).bind(...query.params)))
  } catch (error) {
    throw faultOf(error) ?? error
  }
}

const dialect = new SQLiteAsyncDialect()

/** A row to insert, in which a value may also be an expression. */
type Insert<T extends SQLiteTable> = { [K in keyof T["$inferInsert"]]: T["$inferInsert"][K] | SQL }

/** `insert into table (…) select … where <condition>`: an insert that only follows what it depends on. */
export function insertWhere<T extends SQLiteTable>(
  table: T,
  row: Insert<T>,
  condition: SQL = sql`changes() = 1`,
): Statement {
  const values: Record<string, unknown> = row
  const columns = getTableConfig(table).columns.filter((column) => values[column.name] !== undefined)
  const names = sql.join(
    columns.map((column) => sql.identifier(column.name)),
    sql`, `,
  )
  const params = sql.join(
    columns.map((column) => {
      const value = values[column.name]
      return is(value, SQL) ? value : sql.param(value, column)
    }),
    sql`, `,
  )
  return {
    query: dialect.sqlToQuery(sql`insert into ${table} (${names}) select ${params} where ${condition}`),
  }
}
