import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  or,
  sql,
} from "drizzle-orm"
import { alias, type SQLiteColumn } from "drizzle-orm/sqlite-core"
import type { QueryOf } from "#core/contract/endpoint"
import type { TriggerHealth, triggersApi } from "#core/contract/triggers"
import type { DeliveryId, FlowId, TriggerId } from "#core/ids"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { flows } from "./schema/flows.ts"
import { triggers } from "./schema/triggers.ts"
import { contains } from "./search.ts"
import { visible } from "./shares.ts"

export type TriggerRow = typeof triggers.$inferSelect
/** A trigger with what its health depends on. */
export type TriggerSeen = TriggerRow & { flow_name: string | null; source_gone: boolean }
type Change = Partial<Omit<TriggerRow, "id" | "version" | "created_at" | "created_by">>

/** So many failures in a row make a trigger dead. */
export const deadAfter = 10
/** Failures after which nothing but a change of the flow helps. */
export const deadly: readonly string[] = ["flow.invalid", "flow.not_found", "flow.version_not_found"]
/** The error code of an execution that a trigger started and that did not succeed. */
export const executionFailed = "execution.failed"

const sources = alias(flows, "sources")

const columns = {
  ...getTableColumns(triggers),
  // Named: rows of a batch come by their columns' names, of which two would be `name`.
  flow_name: sql<string | null>`${flows.name}`.as("flow_name"),
  source_gone: sql<number>`(${triggers.source_flow_id} is not null and ${sources.id} is null)`.as(
    "source_gone",
  ),
}

const seenIn = (db: Db) =>
  db
    .select(columns)
    .from(triggers)
    .leftJoin(flows, and(eq(flows.id, triggers.flow_id), isNull(flows.deleted_at)))
    .leftJoin(sources, and(eq(sources.id, triggers.source_flow_id), isNull(sources.deleted_at)))

type Read = Awaited<ReturnType<typeof seenIn>>[number]
const seen = (row: Read): TriggerSeen => ({ ...row, source_gone: row.source_gone === 1 })

/** A trigger that is not deleted. */
export async function byId(db: Db, id: TriggerId): Promise<TriggerSeen | undefined> {
  const [row] = await seenIn(db).where(
    and(eq(triggers.id, id), isNull(triggers.deleted_at), visible(db, triggers.flow_id)),
  )
  return row && seen(row)
}

export async function deletedById(db: Db, id: TriggerId): Promise<TriggerSeen | undefined> {
  const [row] = await seenIn(db).where(
    and(eq(triggers.id, id), isNotNull(triggers.deleted_at), visible(db, triggers.flow_id)),
  )
  return row && seen(row)
}

/** The trigger behind a public address. */
export const byToken = async (
  db: Db,
  kind: "webhook" | "form",
  digest: string,
): Promise<TriggerRow | undefined> =>
  (
    await db
      .select()
      .from(triggers)
      .where(and(eq(triggers.token_digest, digest), eq(triggers.kind, kind), isNull(triggers.deleted_at)))
  )[0]

/** Every schedule that is to fire. */
export const schedules = (db: Db): Promise<TriggerRow[]> =>
  db
    .select()
    .from(triggers)
    .where(and(eq(triggers.kind, "schedule"), eq(triggers.is_active, true), isNull(triggers.deleted_at)))

/** Every trigger that waits for executions of a flow to end. */
export const ofSource = (db: Db, flow: FlowId): Promise<TriggerRow[]> =>
  db
    .select()
    .from(triggers)
    .where(and(eq(triggers.source_flow_id, flow), eq(triggers.is_active, true), isNull(triggers.deleted_at)))

const sortable: Record<string, SQLiteColumn> = {
  created_at: triggers.created_at,
  updated_at: triggers.updated_at,
  name: triggers.name,
  last_fired_at: triggers.last_fired_at,
  next_fire_at: triggers.next_fire_at,
}

/** The health of `services/triggers/shape.ts`, as a filter. */
const health = sql<TriggerHealth["status"]>`case
  when ${flows.id} is null or (${triggers.source_flow_id} is not null and ${sources.id} is null)
    or ${triggers.failures_in_a_row} >= ${deadAfter}
    or (${triggers.failures_in_a_row} > 0 and ${inArray(triggers.last_error_code, [...deadly])}) then 'dead'
  when ${triggers.failures_in_a_row} > 0 then 'failing'
  when ${triggers.last_fired_at} is null then 'never_fired'
  else 'ok' end`

const statusIs = (status: QueryOf<typeof triggersApi.list>["status"]) => {
  if (status === undefined) return undefined
  return status === "inactive"
    ? eq(triggers.is_active, false)
    : and(eq(triggers.is_active, true), sql`${health} = ${status}`)
}

/** A page of triggers, and how many there are in all. */
export async function list(db: Db, query: QueryOf<typeof triggersApi.list>) {
  const where = and(
    visible(db, triggers.flow_id),
    query.deleted === "true" ? isNotNull(triggers.deleted_at) : isNull(triggers.deleted_at),
    query.flow_id === undefined ? undefined : eq(triggers.flow_id, query.flow_id),
    query.kind && eq(triggers.kind, query.kind),
    statusIs(query.status),
    query.search ? or(contains(triggers.name, query.search), contains(flows.name, query.search)) : undefined,
  )
  const column = sortable[query.sort.replace(/^-/, "")] ?? triggers.created_at
  const by = column === triggers.name ? sql`${column} collate nocase` : sql`${column}`
  const [rows, totals] = await db.batch([
    seenIn(db)
      .where(where)
      .orderBy(query.sort.startsWith("-") ? desc(by) : asc(by), desc(triggers.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db
      .select({ total: count() })
      .from(triggers)
      .leftJoin(flows, and(eq(flows.id, triggers.flow_id), isNull(flows.deleted_at)))
      .leftJoin(sources, and(eq(sources.id, triggers.source_flow_id), isNull(sources.deleted_at)))
      .where(where),
  ])
  return { rows: rows.map(seen), total: totals[0]?.total ?? 0 }
}

export const insert = (row: TriggerRow): Statement => insertWhere(triggers, row, sql`1 = 1`)

/** Changes a trigger that still has the version that was read. */
export const save = (db: Db, id: TriggerId, was: number, change: Change): Statement =>
  guard(
    db
      .update(triggers)
      .set({ ...change, version: was + 1 })
      .where(and(eq(triggers.id, id), eq(triggers.version, was))),
  )

/** Begins or ends listening: no change of a person's work, so the version stays. */
export const listen = (db: Db, id: TriggerId, until: string | null, starts: boolean): Statement =>
  guard(
    db
      .update(triggers)
      .set({ listen_until: until, listen_starts: starts, heard_delivery: null })
      .where(and(eq(triggers.id, id), isNull(triggers.deleted_at))),
    "trigger.not_found",
  )

/** Takes the one delivery that a listener waits for; of several at once one is taken. */
export const hear = async (db: Db, id: TriggerId, delivery: DeliveryId, now: string): Promise<boolean> =>
  (
    await db
      .update(triggers)
      .set({ listen_until: null, heard_delivery: delivery })
      .where(and(eq(triggers.id, id), gt(triggers.listen_until, now)))
      .returning({ id: triggers.id })
  ).length > 0

/** Notes that a trigger has fired. What its executions come to is noted when they end. */
export async function noteFired(db: Db, id: TriggerId, at: string): Promise<void> {
  const keeps = sql`${triggers.last_error_code} = ${executionFailed}`
  await db
    .update(triggers)
    .set({
      last_fired_at: sql`max(coalesce(${triggers.last_fired_at}, ''), ${at})`,
      failures_in_a_row: sql`case when ${keeps} then ${triggers.failures_in_a_row} else 0 end`,
    })
    .where(eq(triggers.id, id))
}

export async function noteFailed(
  db: Db,
  id: TriggerId,
  error: { at: string; code: string; message: string },
): Promise<void> {
  await db
    .update(triggers)
    .set({
      failures_in_a_row: sql`${triggers.failures_in_a_row} + 1`,
      last_error: error.message.slice(0, 1_000),
      last_error_code: error.code,
      last_error_at: error.at,
    })
    .where(eq(triggers.id, id))
}

export async function noteSucceeded(db: Db, id: TriggerId): Promise<void> {
  await db
    .update(triggers)
    .set({ failures_in_a_row: 0 })
    .where(and(eq(triggers.id, id), gt(triggers.failures_in_a_row, 0)))
}

/** When a schedule fires next, as its clock has it. */
export async function noteNext(db: Db, id: TriggerId, next: string | null): Promise<void> {
  await db.update(triggers).set({ next_fire_at: next }).where(eq(triggers.id, id))
}
