import { and, asc, count, desc, eq, isNotNull, isNull, notExists, sql, type SQL } from "drizzle-orm"
import type { Approval, approvalsApi } from "#core/contract/approvals"
import type { QueryOf } from "#core/contract/endpoint"
import type { Db, Statement } from "./commit.ts"
import { contains } from "./search.ts"
import { approvals } from "./schema/approvals.ts"
import { executions } from "./schema/executions.ts"
import { visible } from "./shares.ts"

type ListQuery = QueryOf<typeof approvalsApi.list>

/** Writes what an object says. */
export function upserts(d1: D1Database, rows: Approval[]): D1PreparedStatement[] {
  if (rows.length === 0) return []
  const { query } = keep(rows)
  return [d1.prepare(query.sql).bind(...query.params)]
}

/** One statement whatever their number; a row that comes late does not undo an answer. */
export function keep(rows: Approval[]): Statement {
  const names = [
    "id",
    "execution_id",
    "flow_id",
    "flow_name",
    "status",
    "title",
    "requested_at",
    "due",
    "answered_at",
  ]
  const values = names.map((name) => `value ->> '$.${name}'`)
  const changes = [...names.slice(1), "row"].map((name) => `${name} = excluded.${name}`)
  const text = `insert into approvals (${names.join(", ")}, row) select ${values.join(", ")}, value from json_each(?1) where true
    on conflict (id) do update set ${changes.join(", ")} where approvals.status = 'open'`
  return { query: { sql: text, params: [JSON.stringify(rows)] } }
}

/** A page of the inbox. `names` are those by which the caller may be asked; questions to nobody in particular are everybody's. */
export async function list(
  db: Db,
  query: ListQuery,
  names: readonly string[],
): Promise<{ rows: Approval[]; total: number }> {
  const isMine: SQL = sql`(json_array_length(${approvals.row}, '$.assignees') = 0 or exists (
    select 1 from json_each(${approvals.row}, '$.assignees') where value in (select value from json_each(${JSON.stringify(names)}))))`
  const where = and(
    visible(db, approvals.flow_id),
    notExists(
      db
        .select({ id: executions.id })
        .from(executions)
        .where(and(eq(executions.id, approvals.execution_id), isNotNull(executions.deleted_at))),
    ),
    query.status === undefined ? undefined : eq(approvals.status, query.status),
    query.flow_id === undefined ? undefined : eq(approvals.flow_id, query.flow_id),
    query.execution_id === undefined ? undefined : eq(approvals.execution_id, query.execution_id),
    query.mine === "true" ? isMine : undefined,
    query.search ? contains(approvals.title, query.search) : undefined,
  )
  const column = query.sort.endsWith("due") ? approvals.due : approvals.requested_at
  const order = query.sort.startsWith("-") ? desc(column) : asc(column)
  const [rows, totals] = await db.batch([
    db
      .select({ row: approvals.row })
      .from(approvals)
      .where(where)
      // What is never due comes after all that is.
      .orderBy(isNull(column), order, desc(approvals.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(approvals).where(where),
  ])
  return { rows: rows.map(({ row }) => row), total: totals[0]?.total ?? 0 }
}
