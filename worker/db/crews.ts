import { and, asc, count, desc, eq, isNotNull, isNull, or, sql, type SQL } from "drizzle-orm"
import type { crewsApi } from "#core/contract/crews"
import type { QueryOf } from "#core/contract/endpoint"
import type { CrewDraft } from "#core/crew/crew"
import type { CrewId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { crew_versions, crews } from "./schema/crews.ts"
import { contains } from "./search.ts"
import { visible } from "./shares.ts"

export type CrewRow = typeof crews.$inferSelect
export type CrewVersionRow = typeof crew_versions.$inferSelect
type Change = Partial<Omit<CrewRow, "id" | "version" | "created_at" | "created_by" | "deleted_at">>

/** A crew that is not deleted. */
export const byId = async (db: Db, id: CrewId): Promise<CrewRow | undefined> =>
  (
    await db
      .select()
      .from(crews)
      .where(and(eq(crews.id, id), isNull(crews.deleted_at), visible(db, crews.id)))
  )[0]

export const deletedById = async (db: Db, id: CrewId): Promise<CrewRow | undefined> =>
  (
    await db
      .select()
      .from(crews)
      .where(and(eq(crews.id, id), isNotNull(crews.deleted_at), visible(db, crews.id)))
  )[0]

export const insert = (row: CrewRow): Statement => insertWhere(crews, row, sql`1 = 1`)

export const insertVersion = (row: CrewVersionRow): Statement => insertWhere(crew_versions, row)

/** Changes a crew that still has the version that was read. */
export const save = (db: Db, id: CrewId, was: number, change: Change): Statement =>
  guard(
    db
      .update(crews)
      .set({ ...change, version: was + 1 })
      .where(and(eq(crews.id, id), eq(crews.version, was), isNull(crews.deleted_at))),
  )

/** Neither deleting nor restoring makes a version: the crew stays what it was. */
export const remove = (db: Db, id: CrewId, at: string): Statement =>
  guard(
    db
      .update(crews)
      .set({ deleted_at: at })
      .where(and(eq(crews.id, id), isNull(crews.deleted_at))),
  )

export const restore = (db: Db, id: CrewId): Statement =>
  guard(
    db
      .update(crews)
      .set({ deleted_at: null })
      .where(and(eq(crews.id, id), isNotNull(crews.deleted_at))),
  )

export const versionOf = async (db: Db, id: CrewId, version: number): Promise<CrewVersionRow | undefined> =>
  (
    await db
      .select()
      .from(crew_versions)
      .where(and(eq(crew_versions.crew_id, id), eq(crew_versions.version, version)))
  )[0]

/** Every version, newest first, without what it says. */
export const versionsOf = (db: Db, id: CrewId) =>
  db
    .select({
      version: crew_versions.version,
      created_by: crew_versions.created_by,
      created_at: crew_versions.created_at,
    })
    .from(crew_versions)
    .where(eq(crew_versions.crew_id, id))
    .orderBy(desc(crew_versions.version))
    .limit(1_000)

const sortable = { created_at: crews.created_at, updated_at: crews.updated_at, name: crews.name }

/** A page of crews, and how many there are in all. */
export async function list(db: Db, query: QueryOf<typeof crewsApi.list>) {
  const where = and(
    isNull(crews.deleted_at),
    visible(db, crews.id),
    query.search
      ? or(contains(crews.name, query.search), contains(crews.description, query.search))
      : undefined,
  )
  const column = Object.entries(sortable).find(([name]) => name === query.sort.replace(/^-/, ""))?.[1]
  const by: SQL = sql`${column ?? crews.created_at} collate nocase`
  const [rows, totals] = await db.batch([
    db
      .select({
        id: crews.id,
        name: crews.name,
        description: crews.description,
        collaboration_pattern: crews.collaboration_pattern,
        member_count: crews.member_count,
        task_count: crews.task_count,
        version: crews.version,
        created_by: crews.created_by,
        created_at: crews.created_at,
        updated_at: crews.updated_at,
      })
      .from(crews)
      .where(where)
      .orderBy(query.sort.startsWith("-") ? desc(by) : asc(by), desc(crews.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(crews).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** What every write of a definition brings up to date with it. */
export const columnsOf = (definition: CrewDraft) => ({
  definition,
  name: definition.name,
  description: definition.description,
  collaboration_pattern: definition.collaboration_pattern,
  member_count: definition.agents.length,
  task_count: definition.tasks.length,
  agent_ids: [...new Set(definition.agents.map((one) => one.agent_id))],
})
