import { and, asc, count, desc, eq, isNotNull, isNull, sql } from "drizzle-orm"
import type { credentialsApi } from "#core/contract/credentials"
import type { QueryOf } from "#core/contract/endpoint"
import type { CredentialId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { credentials } from "./schema/credentials.ts"
import { flow_versions, flows } from "./schema/flows.ts"
import { contains } from "./search.ts"

export type CredentialRow = typeof credentials.$inferSelect
type Change = Partial<Omit<CredentialRow, "id" | "version" | "created_at">>

export const byId = async (db: Db, id: CredentialId): Promise<CredentialRow | undefined> =>
  (
    await db
      .select()
      .from(credentials)
      .where(and(eq(credentials.id, id), isNull(credentials.deleted_at)))
  )[0]

export const deletedById = async (db: Db, id: CredentialId): Promise<CredentialRow | undefined> =>
  (
    await db
      .select()
      .from(credentials)
      .where(and(eq(credentials.id, id), isNotNull(credentials.deleted_at)))
  )[0]

const sortable = {
  created_at: credentials.created_at,
  name: credentials.name,
  kind: credentials.kind,
}

export async function list(db: Db, query: QueryOf<typeof credentialsApi.list>) {
  const where = and(
    isNull(credentials.deleted_at),
    query.search ? contains(credentials.name, query.search) : undefined,
  )
  const column = Object.entries(sortable).find(([name]) => name === query.sort.replace(/^-/, ""))?.[1]
  const by = sql`${column ?? sortable.created_at} collate nocase`
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(credentials)
      .where(where)
      .orderBy(query.sort.startsWith("-") ? desc(by) : asc(by), desc(credentials.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(credentials).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** Whether a node of a graph names the credential. The text is looked through first: few graphs name any. */
const names = (graph: string, id: CredentialId) =>
  sql`(instr(${sql.raw(graph)}, ${id}) > 0 and exists (
    select 1 from json_each(${sql.raw(graph)}, '$.nodes') as node
    where json_extract(node.value, '$.data.credentials') = ${id}))`

/** Flows that are not deleted and name the credential in their draft or in what is published, by name; a hundred at most. */
export const usersOf = (db: Db, id: CredentialId) =>
  db
    .select({ id: flows.id, name: flows.name })
    .from(flows)
    .leftJoin(
      flow_versions,
      and(eq(flow_versions.flow_id, flows.id), eq(flow_versions.version, flows.published_version)),
    )
    .where(
      and(
        isNull(flows.deleted_at),
        sql`(${names("flows.graph", id)} or ${names("flow_versions.graph", id)})`,
      ),
    )
    .orderBy(sql`${flows.name} collate nocase`, flows.id)
    .limit(100)

export const insert = (row: CredentialRow): Statement => insertWhere(credentials, row, sql`1 = 1`)

/** Changes a credential that still has the version that was read. */
export const save = (db: Db, id: CredentialId, was: number, change: Change): Statement =>
  guard(
    db
      .update(credentials)
      .set({ ...change, version: was + 1 })
      .where(and(eq(credentials.id, id), eq(credentials.version, was))),
  )
