import { and, count, desc, eq, isNull, sql } from "drizzle-orm"
import { searchWindow } from "#core/contract/traces"
import type { ToolId } from "#core/ids"
import type { SpanStatus } from "#core/trace/span"
import type { Db } from "./commit.ts"
import { executions } from "./schema/executions.ts"
import { spans } from "./schema/spans.ts"

type CallQuery = { page: number; limit: number; status?: SpanStatus | undefined }

/** A page of a tool's calls, the newest first. Only the newest are counted and shown, so that no question costs more than a moment. */
export async function callsOf(db: Db, id: ToolId, { page, limit, status }: CallQuery) {
  const newest = db
    .select({
      id: spans.id,
      execution_id: spans.execution_id,
      flow_id: spans.flow_id,
      node_id: spans.node_id,
      node_label: spans.node_label,
      scope: spans.scope,
      attempt: spans.attempt,
      status: spans.status,
      start_time: spans.start_time,
      duration_ms: spans.duration_ms,
    })
    .from(spans)
    // Written as the index has it, or SQLite would not see that the index will do.
    .where(sql`kind in ('tool', 'scope') and (attributes ->> 'edgecrew.tool.id') = ${id}`)
    .orderBy(desc(spans.start_time))
    .limit(searchWindow)
    .as("newest")
  const { start_time, id: span_id, ...shown } = newest._.selectedFields
  const isShown = and(
    isNull(executions.deleted_at),
    status === undefined ? undefined : eq(newest.status, status),
  )
  const [rows, totals] = await db.batch([
    db
      .select({
        ...shown,
        span_id,
        started_at: start_time,
        flow_name: executions.flow_name,
        actor: executions.actor,
      })
      .from(newest)
      .leftJoin(executions, eq(executions.id, newest.execution_id))
      .where(isShown)
      .orderBy(desc(newest.start_time), desc(newest.id))
      .limit(limit)
      .offset((page - 1) * limit),
    db
      .select({ total: count() })
      .from(newest)
      .leftJoin(executions, eq(executions.id, newest.execution_id))
      .where(isShown),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}
