import { done, refused, type Outcome } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import type { Archive } from "./archive.ts"

type Deps = {
  sql: SqlStorage
  archive: Archive
  lastSeq(id: ExecutionId): number | undefined
  isOver(id: ExecutionId): boolean
}

/** Forgets executions that have ended, as if they had never been. The tables are the execution store's. */
export class Eraser {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /**
   * Deletes an execution's journal, wherever it lies, and all that belongs to it. False while rows of it are on their way to the
   * database: they would bring it back. One that is not here has been forgotten before.
   */
  async erase(id: ExecutionId): Promise<Outcome<boolean>> {
    if (this.deps.lastSeq(id) === undefined) return done(true)
    if (!this.deps.isOver(id)) return refused("execution.not_settled")
    if (this.isLeaving(id)) return done(false)
    await this.deps.archive.forget(id)
    this.forget(id)
    return done(true)
  }

  private isLeaving(id: ExecutionId): boolean {
    return (
      this.deps.sql
        .exec(
          `SELECT 1 FROM executions WHERE id = ?1 AND dirty = 1
           UNION ALL SELECT 1 FROM followed WHERE execution = ?1
           UNION ALL SELECT 1 FROM approvals WHERE dirty = 1 AND row ->> '$.execution_id' = ?1`,
          id,
        )
        .toArray().length > 0
    )
  }

  private forget(id: ExecutionId): void {
    for (const query of [
      "DELETE FROM journal WHERE execution = ?",
      "DELETE FROM recordings WHERE execution = ?",
      "DELETE FROM idempotency WHERE execution = ?",
      "DELETE FROM approvals WHERE row ->> '$.execution_id' = ?",
      "DELETE FROM executions WHERE id = ?",
    ])
      this.deps.sql.exec(query, id)
  }
}
