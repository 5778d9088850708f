import { and, asc, count, desc, eq, inArray, isNotNull, isNull, or, sql, type SQL } from "drizzle-orm"
import type { QueryOf } from "#core/contract/endpoint"
import type { toolsApi } from "#core/contract/tools"
import type { CredentialId, ToolId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { tool_versions, tools } from "./schema/tools.ts"
import { contains } from "./search.ts"

export type ToolRow = typeof tools.$inferSelect
export type ToolVersionRow = typeof tool_versions.$inferSelect
type Change = Partial<Omit<ToolRow, "id" | "version" | "created_at" | "created_by" | "deleted_at">>

/** A tool that is not deleted. */
export const byId = async (db: Db, id: ToolId): Promise<ToolRow | undefined> =>
  (
    await db
      .select()
      .from(tools)
      .where(and(eq(tools.id, id), isNull(tools.deleted_at)))
  )[0]

export const deletedById = async (db: Db, id: ToolId): Promise<ToolRow | undefined> =>
  (
    await db
      .select()
      .from(tools)
      .where(and(eq(tools.id, id), isNotNull(tools.deleted_at)))
  )[0]

/** Those of the ids that there are, deleted ones too: an agent may still name them. */
export const byIds = async (db: Db, ids: readonly ToolId[]): Promise<ToolRow[]> =>
  ids.length === 0
    ? []
    : db
        .select()
        .from(tools)
        .where(inArray(tools.id, [...new Set(ids)]))

/** Every tool that is not deleted, by its name. */
export const names = (db: Db) =>
  db.select({ id: tools.id, name: tools.name }).from(tools).where(isNull(tools.deleted_at)).limit(5_000)

/** Tools that are not deleted and send the credential along, by name; a hundred at most. */
export const withCredential = (db: Db, id: CredentialId) =>
  db
    .select({ id: tools.id, name: tools.name })
    .from(tools)
    .where(
      and(
        isNull(tools.deleted_at),
        or(
          sql`json_extract(${tools.definition}, '$.execution_config.credential_id') = ${id}`,
          sql`exists (select 1 from json_each(${tools.definition}, '$.credentials') where value = ${id})`,
        ),
      ),
    )
    .orderBy(tools.name)
    .limit(100)

export const insert = (row: ToolRow): Statement => insertWhere(tools, row, sql`1 = 1`)

/** Changes a tool that still has the version that was read. */
export const save = (db: Db, id: ToolId, was: number, change: Change): Statement =>
  guard(
    db
      .update(tools)
      .set({ ...change, version: was + 1 })
      .where(and(eq(tools.id, id), eq(tools.version, was), isNull(tools.deleted_at))),
  )

/** Neither deleting nor restoring makes a version: the tool stays what it was. */
export const remove = (db: Db, id: ToolId, at: string): Statement =>
  guard(
    db
      .update(tools)
      .set({ deleted_at: at })
      .where(and(eq(tools.id, id), isNull(tools.deleted_at))),
  )

export const restore = (db: Db, id: ToolId): Statement =>
  guard(
    db
      .update(tools)
      .set({ deleted_at: null })
      .where(and(eq(tools.id, id), isNotNull(tools.deleted_at))),
  )

export const insertVersion = (row: ToolVersionRow): Statement => insertWhere(tool_versions, row)

export const versionOf = async (db: Db, id: ToolId, version: number): Promise<ToolVersionRow | undefined> =>
  (
    await db
      .select()
      .from(tool_versions)
      .where(and(eq(tool_versions.tool_id, id), eq(tool_versions.version, version)))
  )[0]

/** Every version, newest first, without what it says. */
export const versionsOf = (db: Db, id: ToolId) =>
  db
    .select({
      version: tool_versions.version,
      created_by: tool_versions.created_by,
      created_at: tool_versions.created_at,
    })
    .from(tool_versions)
    .where(eq(tool_versions.tool_id, id))
    .orderBy(desc(tool_versions.version))
    .limit(1_000)

const sortable = { created_at: tools.created_at, updated_at: tools.updated_at, name: tools.name }

/** A page of tools, and how many there are in all. */
export async function list(db: Db, query: QueryOf<typeof toolsApi.list>) {
  const where = and(
    isNull(tools.deleted_at),
    query.search
      ? or(contains(tools.name, query.search), contains(tools.description, query.search))
      : undefined,
    query.kind ? sql`json_extract(${tools.definition}, '$.kind') = ${query.kind}` : undefined,
    query.risk ? sql`json_extract(${tools.definition}, '$.risk') = ${query.risk}` : undefined,
  )
  const column = Object.entries(sortable).find(([name]) => name === query.sort.replace(/^-/, ""))?.[1]
  const by: SQL = sql`${column ?? tools.created_at} collate nocase`
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(tools)
      .where(where)
      .orderBy(query.sort.startsWith("-") ? desc(by) : asc(by), desc(tools.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(tools).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}
