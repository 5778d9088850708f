import { and, asc, count, desc, eq, isNotNull, isNull, sql } from "drizzle-orm"
import type { budgetsApi } from "#core/contract/budgets"
import type { QueryOf } from "#core/contract/endpoint"
import type { BudgetId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { agents } from "./schema/agents.ts"
import { budgets } from "./schema/budgets.ts"
import { crews } from "./schema/crews.ts"
import { flows } from "./schema/flows.ts"
import { llm_providers } from "./schema/llm-providers.ts"
import { contains } from "./search.ts"
import { visible } from "./shares.ts"

export type BudgetRow = typeof budgets.$inferSelect
type Change = Partial<Omit<BudgetRow, "id" | "version" | "created_at">>

/** Every call of a model reads them all. */
export const mostBudgets = 200

export const byId = async (db: Db, id: BudgetId): Promise<BudgetRow | undefined> =>
  (
    await db
      .select()
      .from(budgets)
      .where(and(eq(budgets.id, id), isNull(budgets.deleted_at), visible(db, budgets.target_id)))
  )[0]

export const deletedById = async (db: Db, id: BudgetId): Promise<BudgetRow | undefined> =>
  (
    await db
      .select()
      .from(budgets)
      .where(and(eq(budgets.id, id), isNotNull(budgets.deleted_at)))
  )[0]

/** Those that count now, and the number of the book: it rises with every change, for each raises a version and no row goes. */
export async function book(db: Db): Promise<{ revision: number; rows: BudgetRow[] }> {
  const [rows, sums] = await db.batch([
    db
      .select()
      .from(budgets)
      .where(and(eq(budgets.is_active, true), isNull(budgets.deleted_at))),
    db.select({ revision: sql<number>`coalesce(sum(${budgets.version}), 0)` }).from(budgets),
  ])
  return { rows, revision: sums[0]?.revision ?? 0 }
}

const sortable = {
  created_at: budgets.created_at,
  name: sql`${budgets.name} collate nocase`,
  limit_micros: budgets.limit_micros,
}

export async function list(db: Db, query: QueryOf<typeof budgetsApi.list>) {
  const where = and(
    isNull(budgets.deleted_at),
    // What is hidden is not told by the name of what it may spend either.
    visible(db, budgets.target_id),
    query.scope ? eq(budgets.scope, query.scope) : undefined,
    query.search ? contains(budgets.name, query.search) : undefined,
  )
  const by = Object.entries(sortable).find(([name]) => name === query.sort.replace(/^-/, ""))?.[1]
  const order = query.sort.startsWith("-") ? desc : asc
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(budgets)
      .where(where)
      .orderBy(order(by ?? budgets.created_at), desc(budgets.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(budgets).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

const targetTables = [llm_providers, crews, agents, flows] as const

/** The names of what budgets are of, by id; what is deleted has none. */
export async function targetNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  // As one value: D1 takes a hundred of them, and a page of budgets may name more.
  const wanted = sql`(select value from json_each(${JSON.stringify([...new Set(ids)])}))`
  const [a, b, c, d] = targetTables.map((table) =>
    db
      .select({ id: sql<string>`${table.id}`, name: table.name })
      .from(table)
      .where(sql`${table.deleted_at} is null and ${table.id} in ${wanted}`),
  )
  const found = await db.batch([a!, b!, c!, d!])
  return new Map(found.flat().map(({ id, name }) => [id, name]))
}

/** A new budget, unless there are as many as there may be. */
export const insert = (row: BudgetRow): Statement => ({
  ...insertWhere(
    budgets,
    row,
    sql`(select count(*) from ${budgets} where ${budgets.deleted_at} is null) < ${mostBudgets}`,
  ),
  guard: "quota.exceeded",
})

/** Changes a budget that still has the version that was read. */
export const save = (db: Db, id: BudgetId, was: number, change: Change): Statement =>
  guard(
    db
      .update(budgets)
      .set({ ...change, version: was + 1 })
      .where(and(eq(budgets.id, id), eq(budgets.version, was))),
  )
