import { index, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Approval, ApprovalStatus } from "#core/contract/approvals"
import type { ApprovalId, ExecutionId, FlowId } from "#core/ids"

/** The inbox: an index of what executions ask of people. The truth is the journal in the Execution object. */
export const approvals = sqliteTable(
  "approvals",
  {
    id: text().$type<ApprovalId>().primaryKey(),
    execution_id: text().$type<ExecutionId>().notNull(),
    flow_id: text().$type<FlowId>().notNull(),
    flow_name: text().notNull(),
    status: text().$type<ApprovalStatus>().notNull(),
    title: text().notNull(),
    requested_at: text().notNull(),
    due: text(),
    answered_at: text(),
    /** The whole question. */
    row: text({ mode: "json" }).$type<Approval>().notNull(),
  },
  (row) => [
    index("approvals_status").on(row.status, row.requested_at),
    index("approvals_execution").on(row.execution_id),
  ],
)
