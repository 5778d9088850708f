import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { StepError } from "#core/execution/event"
import type { ExecutionStatus } from "#core/execution/status"
import type { ExecutionId, FlowId } from "#core/ids"

/** The index of executions: what lists and filters need. The truth is the journal in the Execution object. */
export const executions = sqliteTable(
  "executions",
  {
    id: text().$type<ExecutionId>().primaryKey(),
    flow_id: text().$type<FlowId>().notNull(),
    flow_name: text().notNull(),
    flow_version: integer(),
    status: text().$type<ExecutionStatus>().notNull(),
    actor: text().notNull(),
    error: text({ mode: "json" }).$type<StepError>(),
    created_at: text().notNull(),
    started_at: text(),
    finished_at: text(),
    duration_ms: integer(),
    input_tokens: integer().notNull(),
    output_tokens: integer().notNull(),
    cost_micros: integer().notNull(),
    /** When a person deleted it: it is hidden from then on. */
    deleted_at: text(),
  },
  (row) => [
    index("executions_created").on(row.created_at),
    index("executions_flow").on(row.flow_id, row.created_at),
    index("executions_status").on(row.status, row.created_at),
  ],
)
