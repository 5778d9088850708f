import type { NewEvent } from "#core/execution/event"
import type { Claim } from "#core/governor/queue"
import type { ExecutionId } from "#core/ids"
import { holderOf } from "./active-set.ts"

/** What an execution that is `queued` waits for: a place among those of its flow, or among the tenant's. The column `queued` has them. */
export const queuedFor = { turn: 1, place: 2 } as const

/** When an execution was made, as a text that rises with time: the id without its kind and its lane. */
export const sinceOf = (id: string): string => id.slice("exec_00".length)

/** Who waits for a place, as it is kept. The tables are the execution store's. */
export class QueueStore {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  /** Those who wait for a place of the tenant's, first come first. */
  waiting(): Claim[] {
    return this.sql
      .exec<{ id: ExecutionId; flow: string; actor: string }>(
        `SELECT id, summary ->> '$.flow_id' AS flow, summary ->> '$.actor' AS actor FROM executions
         WHERE queued = 2 AND settled = 0 ORDER BY substr(id, 8)`,
      )
      .toArray()
      .map(({ id, flow, actor }) => ({ id, holder: holderOf(flow, actor) }))
  }

  /** It waits for something else now. */
  requeue(id: ExecutionId, what: keyof typeof queuedFor): void {
    this.sql.exec("UPDATE executions SET queued = ? WHERE id = ?", queuedFor[what], id)
  }

  /** How many executions hold a place for a turn key. */
  placesTaken(turnKey: string): number {
    return this.sql
      .exec<{ n: number }>(
        "SELECT COUNT(*) AS n FROM executions WHERE turn_key = ? AND queued = 0 AND settled = 0",
        turnKey,
      )
      .one().n
  }

  /** The execution that has waited longest for a place of its flow; ids rise with time. */
  firstQueued(turnKey: string): ExecutionId | undefined {
    return this.sql
      .exec<{ id: ExecutionId }>(
        "SELECT id FROM executions WHERE turn_key = ? AND queued = 1 AND settled = 0 ORDER BY substr(id, 8) LIMIT 1",
        turnKey,
      )
      .toArray()[0]?.id
  }

  /** What an execution that waits for its turn takes over when it begins: beside the recordings, under names that no step has. */
  keepSeed(id: ExecutionId, seed: NewEvent[]): void {
    for (const [i, event] of seed.entries()) {
      this.sql.exec(
        "INSERT OR REPLACE INTO recordings (execution, key, result) VALUES (?, ?, ?)",
        id,
        ` ${String(i).padStart(8, "0")}`,
        JSON.stringify(event),
      )
    }
  }

  takeSeed(id: ExecutionId): NewEvent[] {
    const rows = this.sql
      .exec<{ key: string; result: string }>(
        "DELETE FROM recordings WHERE execution = ? AND key >= ' ' AND key < '!' RETURNING key, result",
        id,
      )
      .toArray()
    rows.sort((one, other) => (one.key < other.key ? -1 : 1))
    return rows.map(({ result }) => JSON.parse(result) as NewEvent)
  }
}
