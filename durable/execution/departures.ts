import type { Approval } from "#core/contract/approvals"
import type { ExecutionSummary } from "#core/contract/executions"
import type { ExecutionEvent } from "#core/execution/event"
import type { ExecutionState } from "#core/execution/state"
import type { ExecutionId } from "#core/ids"
import type { Parcel } from "#durable/kit/outbox"
import type { IndexRows } from "./ports.ts"
import type { Told } from "./tracer.ts"
import { approvalOf, questionsIn } from "./view.ts"

/** A row on its way to the tenant's database. */
export type Departure =
  | { is: "execution"; row: ExecutionSummary; told: Told }
  | { is: "approval"; row: Approval }

/** Spans that one delivery takes, at about 700 bytes each: a call to another object takes 32 MiB, a database 2 MB at once. */
const mostSpans = 2_000

type ToldAfter = (id: ExecutionId, seq: number) => Told & { seq: number }

/** What leaves the object: kept until it has arrived. The tables are the execution store's. */
export class Departures {
  private readonly sql: SqlStorage
  private readonly toldAfter: ToldAfter

  constructor(sql: SqlStorage, toldAfter: ToldAfter) {
    this.sql = sql
    this.toldAfter = toldAfter
  }

  /** Whether anything waits. */
  get isWaiting(): boolean {
    const { n } = this.sql
      .exec<{ n: number }>(
        "SELECT EXISTS (SELECT 1 FROM executions WHERE dirty = 1) OR EXISTS (SELECT 1 FROM approvals WHERE dirty = 1) AS n",
      )
      .one()
    return n === 1
  }

  /** Brings the inbox up to date with what events say of questions. */
  keepQuestions(id: ExecutionId, state: ExecutionState, events: readonly ExecutionEvent[]): void {
    for (const node of questionsIn(state, events)) {
      const approval = approvalOf(id, state, node)
      if (approval) this.keepApproval(state.seq, approval)
    }
  }

  private keepApproval(seq: number, row: Approval): void {
    this.sql.exec(
      `INSERT INTO approvals (id, seq, dirty, row) VALUES (?, ?, 1, ?)
       ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, dirty = 1, row = excluded.row WHERE row <> excluded.row`,
      row.id,
      seq,
      JSON.stringify(row),
    )
  }

  pending(most: number): Parcel<Departure>[] {
    const executions: Parcel<Departure>[] = []
    let spanned = 0
    for (const row of this.sql
      .exec<{ id: ExecutionId; spans_seq: number; summary: string }>(
        "SELECT id, spans_seq, summary FROM executions WHERE dirty = 1 LIMIT ?",
        most,
      )
      .toArray()) {
      if (spanned >= mostSpans) break
      const { seq, ...told } = this.toldAfter(row.id, row.spans_seq)
      spanned += told.spans.length
      const summary = JSON.parse(row.summary) as ExecutionSummary
      executions.push({ key: row.id, seq, row: { is: "execution", row: summary, told } })
    }
    const approvals = this.sql
      .exec<{ id: string; seq: number; row: string }>(
        "SELECT id, seq, row FROM approvals WHERE dirty = 1 LIMIT ?",
        most - executions.length,
      )
      .toArray()
      .map(({ id, seq, row }) => ({
        key: id,
        seq,
        row: { is: "approval", row: JSON.parse(row) as Approval } as const,
      }))
    return [...executions, ...approvals]
  }

  delivered(parcels: Parcel<Departure>[]): void {
    for (const { key, seq, row } of parcels) {
      if (row.is === "execution")
        this.sql.exec("UPDATE executions SET spans_seq = ?1, dirty = (last_seq > ?1) WHERE id = ?2", seq, key)
      // A question that has ended is the index's to keep.
      else if (row.row.status === "open")
        this.sql.exec("UPDATE approvals SET dirty = 0 WHERE id = ? AND seq = ?", key, seq)
      else this.sql.exec("DELETE FROM approvals WHERE id = ? AND seq = ?", key, seq)
    }
  }

  /** Notes that somebody is to be told of an execution's end. */
  follow(id: ExecutionId): void {
    this.sql.exec("INSERT OR IGNORE INTO followed (execution, tries) VALUES (?, 0)", id)
  }

  /** Those that were tried least come first, so that none that fails keeps others waiting. */
  toFollow(): { execution: ExecutionId; tries: number }[] {
    return this.sql
      .exec<{ execution: ExecutionId; tries: number }>(
        "SELECT execution, tries FROM followed ORDER BY tries LIMIT 50",
      )
      .toArray()
  }

  followed(id: ExecutionId): void {
    this.sql.exec("DELETE FROM followed WHERE execution = ?", id)
  }

  triedToFollow(id: ExecutionId): void {
    this.sql.exec("UPDATE followed SET tries = tries + 1 WHERE execution = ?", id)
  }
}

/** The rows by what they are. */
export const sorted = (departures: Departure[]): IndexRows => ({
  executions: departures.flatMap((one) => (one.is === "execution" ? [one.row] : [])),
  approvals: departures.flatMap((one) => (one.is === "approval" ? [one.row] : [])),
  spans: departures.flatMap((one) => (one.is === "execution" ? one.told.spans : [])),
  uses: departures.flatMap((one) => (one.is === "execution" ? one.told.uses : [])),
})
