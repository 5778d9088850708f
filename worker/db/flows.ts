import { and, asc, count, desc, eq, isNotNull, isNull, or, sql, type SQL } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import type { QueryOf } from "#core/contract/endpoint"
import type { flowsApi } from "#core/contract/flows"
import type { FlowGraph } from "#core/flow/graph"
import type { FlowId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { roomForFlow } from "./quotas.ts"
import { mostReviews } from "./reviews.ts"
import { contains } from "./search.ts"
import { visible } from "./shares.ts"
import { flow_origins, flow_versions, flows } from "./schema/flows.ts"

export type FlowRow = typeof flows.$inferSelect
export type VersionRow = typeof flow_versions.$inferSelect
export type OriginRow = typeof flow_origins.$inferSelect
type Change = Partial<Omit<FlowRow, "id" | "version" | "created_at" | "created_by">>

/** A flow that is not deleted. */
export const byId = async (db: Db, id: FlowId): Promise<FlowRow | undefined> =>
  (
    await db
      .select()
      .from(flows)
      .where(and(eq(flows.id, id), isNull(flows.deleted_at), visible(db, flows.id)))
  )[0]

export const deletedById = async (db: Db, id: FlowId): Promise<FlowRow | undefined> =>
  (
    await db
      .select()
      .from(flows)
      .where(and(eq(flows.id, id), isNotNull(flows.deleted_at), visible(db, flows.id)))
  )[0]

/** A flow's id, when it is there and not deleted: cheaper than its graph. */
export const exists = async (db: Db, id: FlowId): Promise<FlowId | undefined> =>
  (
    await db
      .select({ id: flows.id })
      .from(flows)
      .where(and(eq(flows.id, id), isNull(flows.deleted_at), visible(db, flows.id)))
  )[0]?.id

/** Whether a flow's draft is the copy of a canvas. */
export const hasCanvas = async (db: Db, id: FlowId): Promise<boolean> =>
  (await db.select({ has: flows.has_canvas }).from(flows).where(eq(flows.id, id)))[0]?.has ?? false

/** From now on the draft is the copy of a canvas. It is still the same draft, so its version stays. */
export const markCanvas = (db: Db, id: FlowId): Statement =>
  guard(db.update(flows).set({ has_canvas: true }).where(eq(flows.id, id)))

/** Whether there was ever a flow. */
export const hasAny = async (db: Db): Promise<boolean> =>
  (await db.select({ id: flows.id }).from(flows).limit(1)).length > 0

/** The oldest flow whose published version has that digest. */
export const publishedAs = async (db: Db, digest: string): Promise<FlowId | undefined> =>
  (
    await db
      .select({ id: flows.id })
      .from(flows)
      .where(and(eq(flows.published_digest, digest), isNull(flows.deleted_at), visible(db, flows.id)))
      .orderBy(asc(flows.created_at))
      .limit(1)
  )[0]?.id

/**
 * A new flow, unless the tenant has as many as it may have; `usual`: where nothing is set for it. Then it has no name, which the database
 * does not take: nothing of the batch is written, and the fault is `quota.full`.
 */
export const insert = (row: typeof flows.$inferInsert, usual: number | null): Statement =>
  insertWhere(flows, { ...row, name: sql`case when ${roomForFlow(usual)} then ${row.name} end` }, sql`1 = 1`)

/** Brings a deleted flow back, as far as there may be one more. */
export const restore = (db: Db, id: FlowId, was: number, usual: number | null): Statement =>
  guard(
    db
      .update(flows)
      .set({ deleted_at: null, version: was + 1 })
      .where(and(eq(flows.id, id), eq(flows.version, was), roomForFlow(usual))),
    "quota.full",
  )

/** Changes a flow that still has the version that was read. */
export const save = (db: Db, id: FlowId, was: number, change: Change): Statement =>
  guard(
    db
      .update(flows)
      .set({ ...change, version: was + 1 })
      .where(and(eq(flows.id, id), eq(flows.version, was))),
  )

export const insertVersion = (row: typeof flow_versions.$inferInsert): Statement =>
  insertWhere(flow_versions, row)

/** Follows the insert of its flow. */
export const insertOrigin = (row: OriginRow): Statement => insertWhere(flow_origins, row)

export const originOf = async (db: Db, id: FlowId): Promise<OriginRow | undefined> =>
  (await db.select().from(flow_origins).where(eq(flow_origins.flow_id, id)))[0]

export const versionOf = async (db: Db, id: FlowId, version: number): Promise<VersionRow | undefined> =>
  (
    await db
      .select()
      .from(flow_versions)
      .where(and(eq(flow_versions.flow_id, id), eq(flow_versions.version, version)))
  )[0]

/** Notes a new published version beside the draft that it was made of, whose own version stays: nobody's edit is stale by it. */
export const publish = (db: Db, row: FlowRow, change: Change): Statement =>
  guard(
    db
      .update(flows)
      .set(change)
      .where(
        and(eq(flows.id, row.id), eq(flows.version, row.version), eq(flows.last_version, row.last_version)),
      ),
  )

/** The published versions, newest first, without their graphs. */
export const versionsOf = (db: Db, id: FlowId) =>
  db
    .select({
      version: flow_versions.version,
      created_by: flow_versions.created_by,
      created_at: flow_versions.created_at,
      note: flow_versions.note,
    })
    .from(flow_versions)
    .where(eq(flow_versions.flow_id, id))
    .orderBy(desc(flow_versions.version))
    .limit(1_000)

const sortable: Record<string, SQLiteColumn> = {
  created_at: flows.created_at,
  updated_at: flows.updated_at,
  name: flows.name,
}

/** A page of flows with the newest execution of each, and how many there are in all. */
export async function list(db: Db, query: QueryOf<typeof flowsApi.list>) {
  const where = and(
    visible(db, flows.id),
    query.deleted === "true" ? isNotNull(flows.deleted_at) : isNull(flows.deleted_at),
    query.published === undefined
      ? undefined
      : query.published === "true"
        ? isNotNull(flows.published_version)
        : isNull(flows.published_version),
    query.review === "open"
      ? sql`exists (select 1 from flow_reviews where flow_reviews.flow_id = flows.id and flow_reviews.status = 'open'
          and flow_reviews.digest = flows.graph_digest and flow_reviews.base_version is flows.published_version)`
      : undefined,
    query.search
      ? or(contains(flows.name, query.search), contains(flows.description, query.search))
      : undefined,
  )
  const column = sortable[query.sort.replace(/^-/, "")] ?? flows.created_at
  const by: SQL = column === flows.name ? sql`${column} collate nocase` : sql`${column}`
  const [rows, totals] = await db.batch([
    db
      .select({
        id: flows.id,
        name: flows.name,
        description: flows.description,
        version: flows.version,
        published_version: flows.published_version,
        graph_digest: flows.graph_digest,
        published_digest: flows.published_digest,
        node_count: flows.node_count,
        created_by: flows.created_by,
        created_at: flows.created_at,
        updated_at: flows.updated_at,
        origin: sql<
          OriginRow["format"] | null
        >`(select format from flow_origins where flow_origins.flow_id = flows.id)`,
        reviews: sql<string>`(
          select json_group_array(json_object('status', status, 'digest', digest, 'base_version', base_version,
            'published_as', published_as)) from (select * from flow_reviews where flow_reviews.flow_id = flows.id
            order by requested_at desc, id desc limit ${mostReviews}))`,
        // Named in full: drizzle leaves out the table where a query has but one.
        last_execution: sql<string | null>`(
          select json_object('id', executions.id, 'status', executions.status, 'created_at', executions.created_at)
          from executions where executions.flow_id = flows.id and executions.deleted_at is null order by executions.created_at desc limit 1)`,
      })
      .from(flows)
      .where(where)
      .orderBy(query.sort.startsWith("-") ? desc(by) : asc(by), desc(flows.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(flows).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** What every write of a graph brings up to date with it. */
export const graphColumns = (graph: FlowGraph, digest: string) => ({
  graph,
  graph_digest: digest,
  node_count: graph.nodes.length,
})
