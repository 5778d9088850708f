import { and, asc, count, desc, eq, inArray, isNotNull, isNull, or, sql, type SQL } from "drizzle-orm"
import type { AgentDraft } from "#core/agent/agent"
import type { agentsApi } from "#core/contract/agents"
import type { QueryOf } from "#core/contract/endpoint"
import type { AgentId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { agent_versions, agents } from "./schema/agents.ts"
import { crews } from "./schema/crews.ts"
import { contains } from "./search.ts"
import { visible } from "./shares.ts"

export type AgentRow = typeof agents.$inferSelect
export type AgentVersionRow = typeof agent_versions.$inferSelect
type Change = Partial<Omit<AgentRow, "id" | "version" | "created_at" | "created_by" | "deleted_at">>

/** An agent that is not deleted. */
export const byId = async (db: Db, id: AgentId): Promise<AgentRow | undefined> =>
  (
    await db
      .select()
      .from(agents)
      .where(and(eq(agents.id, id), isNull(agents.deleted_at), visible(db, agents.id)))
  )[0]

export const deletedById = async (db: Db, id: AgentId): Promise<AgentRow | undefined> =>
  (
    await db
      .select()
      .from(agents)
      .where(and(eq(agents.id, id), isNotNull(agents.deleted_at), visible(db, agents.id)))
  )[0]

/** Those of the ids that there are, deleted ones too: a crew may still name them. */
export const byIds = async (db: Db, ids: readonly AgentId[]): Promise<AgentRow[]> =>
  ids.length === 0
    ? []
    : db
        .select()
        .from(agents)
        .where(and(inArray(agents.id, [...new Set(ids)]), visible(db, agents.id)))

/** Whether there was ever an agent. */
export const hasAny = async (db: Db): Promise<boolean> =>
  (await db.select({ id: agents.id }).from(agents).limit(1)).length > 0

/** The oldest agent that is just so. */
export const sameAs = async (db: Db, draft: AgentDraft): Promise<AgentRow | undefined> =>
  (
    await db
      .select()
      .from(agents)
      .where(
        and(
          sql`${agents.definition} = ${JSON.stringify(draft)}`,
          isNull(agents.deleted_at),
          visible(db, agents.id),
        ),
      )
      .orderBy(asc(agents.created_at))
      .limit(1)
  )[0]

export const insert = (row: AgentRow): Statement => insertWhere(agents, row, sql`1 = 1`)

export const insertVersion = (row: AgentVersionRow): Statement => insertWhere(agent_versions, row)

/** Changes an agent that still has the version that was read. */
export const save = (db: Db, id: AgentId, was: number, change: Change): Statement =>
  guard(
    db
      .update(agents)
      .set({ ...change, version: was + 1 })
      .where(and(eq(agents.id, id), eq(agents.version, was), isNull(agents.deleted_at))),
  )

/** Neither deleting nor restoring makes a version: the agent stays what it was. */
export const remove = (db: Db, id: AgentId, at: string): Statement =>
  guard(
    db
      .update(agents)
      .set({ deleted_at: at })
      .where(and(eq(agents.id, id), isNull(agents.deleted_at))),
  )

export const restore = (db: Db, id: AgentId): Statement =>
  guard(
    db
      .update(agents)
      .set({ deleted_at: null })
      .where(and(eq(agents.id, id), isNotNull(agents.deleted_at))),
  )

export const versionOf = async (db: Db, id: AgentId, version: number): Promise<AgentVersionRow | undefined> =>
  (
    await db
      .select()
      .from(agent_versions)
      .where(and(eq(agent_versions.agent_id, id), eq(agent_versions.version, version)))
  )[0]

/** Every version, newest first, without what it says. */
export const versionsOf = (db: Db, id: AgentId) =>
  db
    .select({
      version: agent_versions.version,
      created_by: agent_versions.created_by,
      created_at: agent_versions.created_at,
    })
    .from(agent_versions)
    .where(eq(agent_versions.agent_id, id))
    .orderBy(desc(agent_versions.version))
    .limit(1_000)

/** Crews that are not deleted and have the agent among them, by name; a hundred at most. */
export const crewsOf = (db: Db, id: AgentId) =>
  db
    .select({ id: crews.id, name: crews.name })
    .from(crews)
    .where(and(isNull(crews.deleted_at), visible(db, crews.id), sql`instr(${crews.agent_ids}, ${id}) > 0`))
    .orderBy(sql`${crews.name} collate nocase`, crews.id)
    .limit(100)

const sortable = { created_at: agents.created_at, updated_at: agents.updated_at, name: agents.name }

/** A page of agents with how many crews each is in, and how many agents there are in all. */
export async function list(db: Db, query: QueryOf<typeof agentsApi.list>) {
  const where = and(
    isNull(agents.deleted_at),
    visible(db, agents.id),
    query.status === undefined ? undefined : eq(agents.status, query.status),
    query.search
      ? or(...[agents.name, agents.description, agents.role].map((one) => contains(one, query.search!)))
      : undefined,
  )
  const column = Object.entries(sortable).find(([name]) => name === query.sort.replace(/^-/, ""))?.[1]
  const by: SQL = sql`${column ?? agents.created_at} collate nocase`
  const [rows, totals] = await db.batch([
    db
      .select({
        id: agents.id,
        name: agents.name,
        description: agents.description,
        role: agents.role,
        model: agents.model,
        llm_provider_id: agents.llm_provider_id,
        status: agents.status,
        tool_count: agents.tool_count,
        version: agents.version,
        created_by: agents.created_by,
        created_at: agents.created_at,
        updated_at: agents.updated_at,
        // Named in full: drizzle leaves out the table where a query has but one.
        crew_count: sql<number>`(
          select count(*) from crews where crews.deleted_at is null and instr(crews.agent_ids, agents.id) > 0)`,
      })
      .from(agents)
      .where(where)
      .orderBy(query.sort.startsWith("-") ? desc(by) : asc(by), desc(agents.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(agents).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** What every write of a definition brings up to date with it. */
export const columnsOf = (definition: AgentDraft) => ({
  definition,
  name: definition.name,
  description: definition.description,
  role: definition.role,
  model: definition.model ?? null,
  llm_provider_id: definition.llm_provider_id ?? null,
  status: definition.status,
  tool_count: definition.tool_ids.length,
})
