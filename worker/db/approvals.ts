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

/** Whose inbox it is: the names by which they may be asked, and those by which they start what others are to judge. */
export type Inbox = { names: readonly string[]; actors: readonly string[] }

/** What is asked of somebody; questions to nobody in particular are everybody's, but for those that their starter may not answer. */
function isFor({ names, actors }: Inbox): SQL {
  const among = (some: readonly string[]) => sql`(select value from json_each(${JSON.stringify(some)}))`
  const assignees = sql`json_each(${approvals.row}, '$.assignees')`
  const ofNobody = sql`json_array_length(${approvals.row}, '$.assignees') = 0`
  return sql`(${ofNobody} or exists (select 1 from ${assignees} where value in ${among(names)}))
    and not (coalesce(${approvals.row} ->> '$.by_others', 0)
      and ${approvals.execution_id} in (select id from executions where actor in ${among(actors)})
      and (${ofNobody} or exists (select 1 from ${assignees} where value not in ${among(names)})))`
}

/** A page of the questions: of all, or of those in somebody's inbox. */
export async function list(
  db: Db,
  query: ListQuery,
  inbox: Inbox | undefined,
): Promise<{ rows: Approval[]; total: number }> {
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
    inbox && isFor(inbox),
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
