import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNull,
  lte,
  sql,
  type SQL,
} from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import type { QueryOf } from "#core/contract/endpoint"
import { searchWindow, type FoundSpan, type tracesApi } from "#core/contract/traces"
import type { ExecutionId } from "#core/ids"
import type { Span, SpanKind, SpanStatus } from "#core/trace/span"
import { traceIdOf } from "#core/trace/ids"
import type { Db } from "./commit.ts"
import { executions } from "./schema/executions.ts"
import { spans } from "./schema/spans.ts"
import { contains } from "./search.ts"
import { visible } from "./shares.ts"

type Query = QueryOf<typeof tracesApi.search>
type Row = typeof spans.$inferSelect

const columns = getTableColumns(spans)

const spanOf = (row: Row): Span => ({ ...row, trace_id: traceIdOf(row.execution_id) })

const sortable: Record<string, SQLiteColumn> = {
  start_time: spans.start_time,
  duration_ms: spans.duration_ms,
  cost_micros: spans.cost_micros,
}

export type Found = { spans: FoundSpan[]; total: number; isComplete: boolean }

/** A page of spans. Only the newest of what an index finds are looked through, so that no question costs more than a moment. */
export async function search(db: Db, query: Query): Promise<Found> {
  const indexed = and(...indexedFilters(query), visible(db, spans.flow_id))
  const [edge] = await db
    .select({ start_time: spans.start_time })
    .from(spans)
    .where(indexed)
    .orderBy(desc(spans.start_time))
    .limit(1)
    .offset(searchWindow)
  const where = and(indexed, edge && gte(spans.start_time, edge.start_time), ...otherFilters(query))
  const column = sortable[query.sort.replace(/^-/, "")] ?? spans.start_time
  const order = query.sort.startsWith("-") ? desc : asc
  const [rows, totals] = await db.batch([
    db
      .select({ span: columns, flow_name: executions.flow_name })
      .from(spans)
      .leftJoin(executions, eq(executions.id, spans.execution_id))
      .where(where)
      .orderBy(order(column), order(spans.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db
      .select({ total: count() })
      .from(spans)
      .leftJoin(executions, eq(executions.id, spans.execution_id))
      .where(where),
  ])
  return {
    spans: rows.map(({ span, flow_name }) => ({ ...spanOf(span), flow_name })),
    total: totals[0]?.total ?? 0,
    isComplete: edge === undefined,
  }
}

/** Those that an index begins with, so that a window of them is quickly found. */
function indexedFilters({ flow_id, execution_id, model, status, from, to }: Query): (SQL | undefined)[] {
  return [
    flow_id ? eq(spans.flow_id, flow_id) : undefined,
    execution_id ? eq(spans.execution_id, execution_id) : undefined,
    model ? eq(spans.model, model) : undefined,
    // Written out: a parameter would not tell SQLite that the index of errors will do.
    status === "error" ? sql`${spans.status} = 'error'` : undefined,
    from ? gte(spans.start_time, new Date(from).toISOString()) : undefined,
    to ? lte(spans.start_time, new Date(to).toISOString()) : undefined,
  ]
}

/** All that a text is looked for in. */
const words = sql`concat_ws(char(10), ${spans.name}, ${spans.node_id}, ${spans.node_label}, ${spans.model}, ${spans.text})`

function otherFilters({ node_id, kind, status, min_duration_ms, text }: Query): (SQL | undefined)[] {
  return [
    node_id ? eq(spans.node_id, node_id) : undefined,
    kind ? inArray(spans.kind, kind.split(",") as SpanKind[]) : undefined,
    status && status !== "error" ? inArray(spans.status, status.split(",") as SpanStatus[]) : undefined,
    min_duration_ms === undefined ? undefined : gte(spans.duration_ms, min_duration_ms),
    text ? contains(words, text) : undefined,
    isNull(executions.deleted_at),
  ]
}

/** One span; undefined too when its execution was deleted. */
export async function byId(db: Db, id: string): Promise<FoundSpan | undefined> {
  const [row] = await db
    .select({ span: columns, flow_name: executions.flow_name })
    .from(spans)
    .leftJoin(executions, eq(executions.id, spans.execution_id))
    .where(and(eq(spans.id, id), isNull(executions.deleted_at), visible(db, spans.flow_id)))
  return row && { ...spanOf(row.span), flow_name: row.flow_name }
}

/** Where a page of an execution's spans begins: after this one. */
export type SpanPlace = { start_time: string; id: string }

/** The spans of one execution in the order in which they began. */
export async function ofExecution(
  db: Db,
  id: ExecutionId,
  after: SpanPlace | undefined,
  most: number,
): Promise<Span[]> {
  const isLater = after && sql`(${spans.start_time}, ${spans.id}) > (${after.start_time}, ${after.id})`
  const rows = await db
    .select()
    .from(spans)
    .where(and(eq(spans.execution_id, id), isLater))
    .orderBy(asc(spans.start_time), asc(spans.id))
    .limit(most)
  return rows.map(spanOf)
}

/** What the calls of one step to models took together. */
export type TakenRow = {
  execution_id: ExecutionId
  node_id: string | null
  scope: string
  input_tokens: number
  output_tokens: number
  cost_micros: number
}

/** The last executions of a flow that succeeded, the newest first. */
export const lastSucceeded = async (db: Db, flow_id: string, most: number): Promise<ExecutionId[]> =>
  (
    await db
      .select({ id: executions.id })
      .from(executions)
      .where(
        and(
          eq(executions.flow_id, flow_id),
          eq(executions.status, "succeeded"),
          isNull(executions.deleted_at),
        ),
      )
      .orderBy(desc(executions.created_at))
      .limit(most)
  ).map(({ id }) => id)

/** What models took in some executions, by where they were called, the executions in the order of their ids. */
export const takenByModels = (db: Db, ids: ExecutionId[], most: number): Promise<TakenRow[]> =>
  db
    .select({
      execution_id: spans.execution_id,
      node_id: spans.node_id,
      scope: spans.scope,
      input_tokens: sql<number>`sum(${spans.input_tokens})`,
      output_tokens: sql<number>`sum(${spans.output_tokens})`,
      cost_micros: sql<number>`sum(${spans.cost_micros})`,
    })
    .from(spans)
    .where(and(inArray(spans.execution_id, ids), eq(spans.kind, "model")))
    .groupBy(spans.execution_id, spans.scope, spans.node_id)
    .orderBy(desc(spans.execution_id))
    .limit(most)

/** The columns in the order in which a row is sent. */
const sent = Object.keys(columns) as (keyof Row)[]

/**
 * A row is a list, not an object: SQLite finds the n-th entry faster than a name. What has ended does not change, so a span that
 * an outbox delivers twice is left as it is.
 */
const insert = `insert into spans (${sent.join(", ")})
  select ${sent.map((_, i) => `value ->> ${i}`).join(", ")} from json_each(?1) where true on conflict (id) do nothing`

/** Characters of one statement's parameter: D1 takes 2 MB, and a character has up to three bytes. */
const mostLength = 600_000

/** Adds spans that have ended. As few statements as their size allows. */
export function upserts(d1: D1Database, ended: readonly Span[]): D1PreparedStatement[] {
  const statements: D1PreparedStatement[] = []
  let rows: string[] = []
  let length = 0
  const write = () => {
    if (rows.length > 0) statements.push(d1.prepare(insert).bind(`[${rows.join(",")}]`))
    rows = []
    length = 0
  }
  for (const span of ended) {
    const row = JSON.stringify(sent.map((name) => span[name]))
    if (length + row.length > mostLength) write()
    rows.push(row)
    length += row.length + 1
  }
  write()
  return statements
}
