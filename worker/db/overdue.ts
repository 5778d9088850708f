import { and, asc, gt, inArray, isNull, lt } from "drizzle-orm"
import type { ExecutionStatus } from "#core/execution/status"
import type { ExecutionId } from "#core/ids"
import type { Db } from "./commit.ts"
import { executions } from "./schema/executions.ts"

/** Something should be happening in these at any moment; those that wait have appointments of their own. */
const busy: ExecutionStatus[] = ["queued", "running", "cancelling"]

/** Executions that were begun before a time and have not ended, after an id, in order. */
export async function overdue(
  db: Db,
  before: string,
  after: ExecutionId | "",
  most: number,
): Promise<ExecutionId[]> {
  const rows = await db
    .select({ id: executions.id })
    .from(executions)
    .where(
      and(
        inArray(executions.status, busy),
        lt(executions.created_at, before),
        isNull(executions.finished_at),
        gt(executions.id, after as ExecutionId),
      ),
    )
    .orderBy(asc(executions.id))
    .limit(most)
  return rows.map(({ id }) => id)
}
