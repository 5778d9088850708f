import { asc, count, desc, eq, sql } from "drizzle-orm"
import type { QueryOf } from "#core/contract/endpoint"
import type { aliasesApi } from "#core/contract/model-aliases"
import type { AliasId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { model_aliases } from "./schema/model-aliases.ts"
import { contains } from "./search.ts"

export type AliasRow = typeof model_aliases.$inferSelect
type Change = Partial<Omit<AliasRow, "id" | "version" | "created_at">>

export const byId = async (db: Db, id: AliasId): Promise<AliasRow | undefined> =>
  (await db.select().from(model_aliases).where(eq(model_aliases.id, id)))[0]

export const byName = async (db: Db, name: string): Promise<AliasRow | undefined> =>
  (await db.select().from(model_aliases).where(eq(model_aliases.name, name)))[0]

export const all = async (db: Db): Promise<AliasRow[]> =>
  db.select().from(model_aliases).orderBy(asc(model_aliases.name))

export async function list(db: Db, query: QueryOf<typeof aliasesApi.list>) {
  const where = query.search ? contains(model_aliases.name, query.search) : undefined
  const column = query.sort.replace(/^-/, "") === "name" ? model_aliases.name : model_aliases.created_at
  const order = query.sort.startsWith("-") ? desc : asc
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(model_aliases)
      .where(where)
      .orderBy(order(column), desc(model_aliases.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(model_aliases).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** A new alias, unless there is one of its name. */
export const insert = (row: AliasRow): Statement => ({
  ...insertWhere(
    model_aliases,
    row,
    sql`not exists (select 1 from ${model_aliases} where name = ${row.name})`,
  ),
  guard: "alias.name_taken",
})

/** Changes an alias that still has the version that was read. */
export const save = (db: Db, id: AliasId, was: number, change: Change): Statement =>
  guard(
    db
      .update(model_aliases)
      .set({ ...change, version: was + 1 })
      .where(sql`${model_aliases.id} = ${id} and ${model_aliases.version} = ${was}`),
  )

export const remove = (db: Db, id: AliasId, was: number): Statement =>
  guard(
    db.delete(model_aliases).where(sql`${model_aliases.id} = ${id} and ${model_aliases.version} = ${was}`),
  )
