import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  sql,
  type SQL,
} from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import type { ExecutionSummary, executionsApi } from "#core/contract/executions"
import type { QueryOf } from "#core/contract/endpoint"
import type { ExecutionStatus } from "#core/execution/status"
import type { ExecutionId } from "#core/ids"
import { write, type Db, type Statement } from "./commit.ts"
import { contains } from "./search.ts"
import { visible } from "./shares.ts"
import { executions } from "./schema/executions.ts"

type ListQuery = QueryOf<typeof executionsApi.list>
export type Filters = Pick<ListQuery, "flow_id" | "status" | "from" | "to" | "actor" | "search">

/** What lists show of a row. */
const { deleted_at, ...shown } = getTableColumns(executions)

const sortable: Record<string, SQLiteColumn> = {
  created_at: executions.created_at,
  finished_at: executions.finished_at,
  duration_ms: executions.duration_ms,
  cost_micros: executions.cost_micros,
}

/** A page of the index and how many rows there are in all. */
export async function list(db: Db, query: ListQuery): Promise<{ rows: ExecutionSummary[]; total: number }> {
  const where = and(...filters(query), visible(db, executions.flow_id))
  const column = sortable[query.sort.replace(/^-/, "")] ?? executions.created_at
  const order = query.sort.startsWith("-") ? desc(column) : asc(column)
  const [rows, totals] = await db.batch([
    db
      .select(shown)
      .from(executions)
      .where(where)
      // Ids rise with time, so they settle ties the same way on every page.
      .orderBy(order, desc(executions.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(executions).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

/** Where a walk through the index is: the last row that was seen. */
export type Cursor = Pick<ExecutionSummary, "created_at" | "id">

/** The next rows of a walk from the newest to the oldest, which rows that come meanwhile do not disturb. */
export function rowsAfter(
  db: Db,
  query: Filters,
  cursor: Cursor | undefined,
  most: number,
): Promise<ExecutionSummary[]> {
  const { created_at, id } = executions
  const further =
    cursor && or(lt(created_at, cursor.created_at), and(eq(created_at, cursor.created_at), lt(id, cursor.id)))
  return db
    .select(shown)
    .from(executions)
    .where(and(...filters(query), further, visible(db, executions.flow_id)))
    .orderBy(desc(created_at), desc(id))
    .limit(most)
}

/** What the index says of some executions; those that were deleted it does not name. */
export const statusesOf = (db: Db, ids: readonly ExecutionId[]) =>
  db
    .select({ id: executions.id, status: executions.status })
    .from(executions)
    .where(and(isAmong(ids), isNull(deleted_at), visible(db, executions.flow_id)))

/** Hides executions. */
export const markDeleted = (db: Db, ids: readonly ExecutionId[], at: string): Statement =>
  write(
    db
      .update(executions)
      .set({ deleted_at: at })
      .where(and(isAmong(ids), isNull(deleted_at))),
  )

/** One parameter whatever their number, since D1 takes a hundred. */
const isAmong = (ids: readonly ExecutionId[]): SQL =>
  sql`${executions.id} in (select value from json_each(${JSON.stringify(ids)}))`

/**
 * Whether the index knows an execution, and whether it is to be seen: deleted for everybody, or its flow hidden from the viewer. One
 * that was started just now it may not know yet; its id is then known to whoever started it.
 */
export async function standing(db: Db, id: ExecutionId): Promise<"unknown" | "known" | "hidden"> {
  const [row] = await db
    .select({ is_shown: sql<number>`${and(isNull(deleted_at), visible(db, executions.flow_id))}` })
    .from(executions)
    .where(eq(executions.id, id))
  return row ? (row.is_shown ? "known" : "hidden") : "unknown"
}

/** Whether the index has an execution's end: then everything else that left its object for the database is there too. */
export const isFinished = async (db: Db, id: ExecutionId): Promise<boolean> =>
  (
    await db
      .select({ id: executions.id })
      .from(executions)
      .where(and(eq(executions.id, id), isNotNull(executions.finished_at)))
  ).length > 0

function filters(query: Filters): (SQL | undefined)[] {
  const { flow_id, status, from, to, actor, search } = query
  return [
    isNull(deleted_at),
    flow_id && eq(executions.flow_id, flow_id),
    status && inArray(executions.status, status.split(",") as ExecutionStatus[]),
    from && gte(executions.created_at, new Date(from).toISOString()),
    to && lte(executions.created_at, new Date(to).toISOString()),
    actor && eq(executions.actor, actor),
    search ? or(contains(executions.flow_name, search), contains(executions.id, search)) : undefined,
  ].map((one) => one || undefined)
}

/**
 * Brings index rows up to what an object says. One statement whatever their number, since D1 takes a hundred parameters; ids
 * make it idempotent, so that an outbox may deliver twice; a row that comes late, from before a crash, does not undo an end.
 */
export function upserts(d1: D1Database, rows: ExecutionSummary[]): D1PreparedStatement[] {
  if (rows.length === 0) return []
  const names = Object.keys(columns)
  const values = names.map((name) => (name === "error" ? "value ->> '$.error'" : `value ->> '$.${name}'`))
  const changes = names.filter((name) => name !== "id").map((name) => `${name} = excluded.${name}`)
  return [
    d1
      .prepare(
        `insert into executions (${names.join(", ")}) select ${values.join(", ")} from json_each(?1) where true
       on conflict (id) do update set ${changes.join(", ")}
       where executions.finished_at is null or excluded.finished_at is not null`,
      )
      .bind(JSON.stringify(rows)),
  ]
}

const columns = {
  id: 1,
  flow_id: 1,
  flow_name: 1,
  flow_version: 1,
  status: 1,
  actor: 1,
  error: 1,
  created_at: 1,
  started_at: 1,
  finished_at: 1,
  duration_ms: 1,
  input_tokens: 1,
  output_tokens: 1,
  cost_micros: 1,
} satisfies Record<keyof ExecutionSummary, 1>

/** Executions behind an id that have not ended and wait for no person's word, in the order of their ids. */
export const goingOnAfter = async (db: Db, after: string, most: number): Promise<ExecutionId[]> =>
  (
    await db
      .select({ id: executions.id })
      .from(executions)
      .where(
        and(
          sql`${executions.id} > ${after}`,
          inArray(executions.status, ["queued", "running", "waiting"]),
          isNull(executions.deleted_at),
        ),
      )
      .orderBy(asc(executions.id))
      .limit(most)
  ).map(({ id }) => id)
