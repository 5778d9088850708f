import { and, asc, count, desc, eq, isNotNull, isNull, sql } from "drizzle-orm"
import type { providersApi } from "#core/contract/llm-providers"
import type { QueryOf } from "#core/contract/endpoint"
import type { ProviderId } from "#core/ids"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { contains } from "./search.ts"
import { llm_providers } from "./schema/llm-providers.ts"

export type ProviderRow = typeof llm_providers.$inferSelect
type Change = Partial<Omit<ProviderRow, "id" | "version" | "created_at">>

export const byId = async (db: Db, id: ProviderId): Promise<ProviderRow | undefined> =>
  (
    await db
      .select()
      .from(llm_providers)
      .where(and(eq(llm_providers.id, id), isNull(llm_providers.deleted_at)))
  )[0]

export const deletedById = async (db: Db, id: ProviderId): Promise<ProviderRow | undefined> =>
  (
    await db
      .select()
      .from(llm_providers)
      .where(and(eq(llm_providers.id, id), isNotNull(llm_providers.deleted_at)))
  )[0]

/** The provider of every node that names none. */
export const theDefault = async (db: Db): Promise<ProviderRow | undefined> =>
  (
    await db
      .select()
      .from(llm_providers)
      .where(and(eq(llm_providers.is_default, true), isNull(llm_providers.deleted_at)))
  )[0]

/** Those whose owner has said what their models cost, by name. */
export const withPrices = (db: Db): Promise<Pick<ProviderRow, "id" | "provider_type" | "config">[]> =>
  db
    .select({
      id: llm_providers.id,
      provider_type: llm_providers.provider_type,
      config: llm_providers.config,
    })
    .from(llm_providers)
    .where(
      and(
        isNull(llm_providers.deleted_at),
        isNotNull(sql`json_extract(${llm_providers.config}, '$.prices')`),
      ),
    )
    .orderBy(asc(llm_providers.name))
    .limit(1_000)

/** Every provider's name, by it. */
export const allNames = (db: Db): Promise<Pick<ProviderRow, "id" | "name" | "provider_type">[]> =>
  db
    .select({ id: llm_providers.id, name: llm_providers.name, provider_type: llm_providers.provider_type })
    .from(llm_providers)
    .where(isNull(llm_providers.deleted_at))
    .orderBy(asc(llm_providers.name))
    .limit(1_000)

const sortable = {
  created_at: llm_providers.created_at,
  name: llm_providers.name,
  provider_type: llm_providers.provider_type,
}

export async function list(db: Db, query: QueryOf<typeof providersApi.list>) {
  const where = and(
    isNull(llm_providers.deleted_at),
    query.search ? contains(llm_providers.name, query.search) : undefined,
  )
  const column = Object.entries(sortable).find(([name]) => name === query.sort.replace(/^-/, ""))?.[1]
  const by = sql`${column ?? sortable.created_at} collate nocase`
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(llm_providers)
      .where(where)
      .orderBy(query.sort.startsWith("-") ? desc(by) : asc(by), desc(llm_providers.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(llm_providers).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

export const insert = (row: ProviderRow): Statement => insertWhere(llm_providers, row, sql`1 = 1`)

/** Changes a provider that still has the version that was read. */
export const save = (db: Db, id: ProviderId, was: number, change: Change): Statement =>
  guard(
    db
      .update(llm_providers)
      .set({ ...change, version: was + 1 })
      .where(and(eq(llm_providers.id, id), eq(llm_providers.version, was))),
  )

/** Makes room for a new default, before a new row or one that still has the version that was read. */
export const yieldDefault = (db: Db, to: ProviderId, was: number | undefined): Statement =>
  write(
    db
      .update(llm_providers)
      .set({ is_default: false, version: sql`${llm_providers.version} + 1` })
      .where(
        and(
          eq(llm_providers.is_default, true),
          sql`${llm_providers.id} <> ${to}`,
          was === undefined
            ? undefined
            : sql`exists (select 1 from ${llm_providers} as heir where heir.id = ${to} and heir.version = ${was})`,
        ),
      ),
  )
