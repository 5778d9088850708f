import { sql } from "drizzle-orm"
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ExecutionId } from "#core/ids"
import type { SpanAttributes, SpanKind, SpanStatus } from "#core/trace/span"

/**
 * What each piece of an execution took, as far as it has ended: for searching. The truth is the journal in the Execution object.
 * Thousands come in a second, so only what searches begin with is indexed, and the rare is indexed by itself.
 */
export const spans = sqliteTable(
  "spans",
  {
    id: text().primaryKey(),
    parent_id: text(),
    execution_id: text().$type<ExecutionId>().notNull(),
    flow_id: text().notNull(),
    kind: text().$type<SpanKind>().notNull(),
    name: text().notNull(),
    node_id: text(),
    node_label: text(),
    scope: text().notNull(),
    attempt: integer().notNull(),
    status: text().$type<SpanStatus>().notNull(),
    start_time: text().notNull(),
    end_time: text().notNull(),
    duration_ms: integer().notNull(),
    attributes: text({ mode: "json" }).$type<SpanAttributes>().notNull(),
    model: text(),
    input_tokens: integer().notNull(),
    output_tokens: integer().notNull(),
    cost_micros: integer().notNull(),
    first_token_ms: integer(),
    text: text(),
  },
  (row) => [
    index("spans_execution").on(row.execution_id, row.start_time, row.id),
    index("spans_time").on(row.start_time),
    index("spans_flow").on(row.flow_id, row.start_time),
    index("spans_error")
      .on(row.start_time)
      .where(sql`status = 'error'`),
    index("spans_model")
      .on(row.model, row.start_time)
      .where(sql`model is not null`),
    // A call of a tool is a span of its own; that of a tool which is a flow is the scope that it opens.
    index("spans_tool")
      .on(sql`(attributes ->> 'edgecrew.tool.id')`, row.start_time)
      .where(sql`kind in ('tool', 'scope')`),
  ],
)
