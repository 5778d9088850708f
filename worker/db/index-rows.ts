import type { IndexRows } from "#durable/execution/ports"
import * as approvals from "./approvals.ts"
import * as audit from "./audit.ts"
import * as executions from "./executions.ts"
import type { audit_passage } from "./schema/audit-passage.ts"
import * as spans from "./spans.ts"

/** What an object's outbox delivers, with the audit entries that tell of it. */
type Kept = Omit<IndexRows, "uses"> & { entries: (typeof audit_passage.$inferInsert)[] }

/**
 * Writes what an object's outbox delivers. At once, so that whoever reads that an execution has ended finds its spans; and a call
 * to D1 costs more than a row.
 */
export async function keepIndexRows(d1: D1Database, rows: Kept): Promise<void> {
  const statements = [
    ...spans.upserts(d1, rows.spans),
    ...executions.upserts(d1, rows.executions),
    ...approvals.upserts(d1, rows.approvals),
    ...audit.kept(d1, rows.entries),
  ]
  if (statements.length > 0) await d1.batch(statements)
}
