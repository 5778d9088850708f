import type { ExecutionSummary } from "#core/contract/executions"
import type { ExecutionEvent, StepError } from "#core/execution/event"
import { replay } from "#core/execution/reduce"
import type { ExecutionState } from "#core/execution/state"
import { isResting, isSettled, type ExecutionStatus } from "#core/execution/status"
import type { ExecutionId, TenantId } from "#core/ids"
import { appointmentsTable } from "#durable/kit/alarms"
import { isMigrated, migrate, type Migration } from "#durable/kit/sqlite"
import type { Recorded } from "./messages.ts"
import type { TenantRef } from "./ports.ts"
import { queuedFor } from "./queue-store.ts"

/**
 * Events are kept as they were committed: one row holds everything that one turn appended, so an execution of pure steps costs
 * one row, and `first_seq` finds the rows after any event. `dirty` marks what the outbox must still deliver.
 */
const migrations: readonly Migration[] = [
  {
    id: "000_journal",
    sql: `
      CREATE TABLE tenant (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, slot TEXT NOT NULL);
      CREATE TABLE definitions (hash TEXT PRIMARY KEY, graph TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE executions (
        id TEXT PRIMARY KEY, last_seq INTEGER NOT NULL, settled INTEGER NOT NULL, dirty INTEGER NOT NULL, summary TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX executions_unsettled ON executions (id) WHERE settled = 0;
      CREATE INDEX executions_dirty ON executions (id) WHERE dirty = 1;
      CREATE TABLE journal (
        execution TEXT NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, events TEXT NOT NULL,
        PRIMARY KEY (execution, first_seq)
      ) WITHOUT ROWID;
      CREATE TABLE idempotency (
        key TEXT PRIMARY KEY, digest TEXT NOT NULL, execution TEXT NOT NULL, expires INTEGER NOT NULL
      ) WITHOUT ROWID;
      ${appointmentsTable};`,
  },
  {
    id: "001_rest",
    sql: `
      ALTER TABLE executions ADD COLUMN resting INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE executions ADD COLUMN due INTEGER;
      ALTER TABLE executions ADD COLUMN turn_key TEXT;
      ALTER TABLE executions ADD COLUMN queued INTEGER NOT NULL DEFAULT 0;
      DROP INDEX executions_unsettled;
      CREATE INDEX executions_busy ON executions (id) WHERE settled = 0 AND resting = 0;
      CREATE INDEX executions_due ON executions (due) WHERE settled = 0 AND resting = 1;
      CREATE INDEX executions_turn ON executions (turn_key, queued, id) WHERE settled = 0 AND turn_key IS NOT NULL;
      CREATE TABLE approvals (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, dirty INTEGER NOT NULL, row TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX approvals_dirty ON approvals (id) WHERE dirty = 1;
      CREATE TABLE recordings (
        execution TEXT NOT NULL, key TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (execution, key)
      ) WITHOUT ROWID;
      CREATE TABLE followed (execution TEXT PRIMARY KEY, tries INTEGER NOT NULL) WITHOUT ROWID;`,
  },
  {
    id: "002_archive",
    sql: `
      ALTER TABLE executions ADD COLUMN settled_at INTEGER;
      ALTER TABLE executions ADD COLUMN moved_out INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE executions ADD COLUMN spans_seq INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX executions_settled ON executions (settled_at) WHERE moved_out = 0 AND settled_at IS NOT NULL;`,
  },
  {
    id: "003_places",
    sql: "CREATE INDEX executions_waiting ON executions (id) WHERE queued = 2 AND settled = 0",
  },
]

/** What is kept of an execution beside its journal, so that nobody has to read the journal to know. */
export type Standing = {
  seq: number
  status: ExecutionStatus
  /** When it goes on by itself, in ms since 1970; undefined when somebody must answer first. */
  due: number | undefined
  /** What its flow's concurrency limit is counted for. */
  turnKey: string | undefined
  /** While it is queued: it waits for one of the tenant's places, not only for one of its flow's. */
  waitsForPlace?: boolean
}

/** One commit's worth of events, still as text: viewers get them without a parse. */
export type JournalRow = { first_seq: number; last_seq: number; events: string }

/** Characters of a row, above which the next event begins another: SQLite in an object takes 2 MB, and a character up to 3 bytes. */
const mostRowLength = 400_000

/** The rows for one turn's events: one, unless they are large. */
function rowsOf(events: readonly ExecutionEvent[]): JournalRow[] {
  const whole = JSON.stringify(events)
  if (whole.length <= mostRowLength) return [rowOf(events, whole)]
  const rows: JournalRow[] = []
  let begun: ExecutionEvent[] = []
  let length = 0
  for (const event of events) {
    const more = JSON.stringify(event).length
    if (begun.length > 0 && length + more > mostRowLength) {
      rows.push(rowOf(begun, JSON.stringify(begun)))
      begun = []
      length = 0
    }
    begun.push(event)
    length += more
  }
  rows.push(rowOf(begun, JSON.stringify(begun)))
  return rows
}

const rowOf = (events: readonly ExecutionEvent[], text: string): JournalRow => ({
  first_seq: events[0]!.seq,
  last_seq: events.at(-1)!.seq,
  events: text,
})

/** The only one that speaks SQL for executions. Every method is synchronous: what one turn writes becomes durable together. */
export class ExecutionStore {
  private readonly sql: SqlStorage
  private ready: boolean

  constructor(sql: SqlStorage) {
    this.sql = sql
    this.ready = isMigrated(sql)
    if (this.ready) migrate(sql, migrations)
  }

  /** Makes the tables at the first write; an object that was only asked about an unknown id keeps none. */
  open(tenant: TenantRef): void {
    if (!this.ready) migrate(this.sql, migrations)
    if (!this.ready)
      this.sql.exec("INSERT INTO tenant (only, id, slot) VALUES (1, ?, ?)", tenant.id, tenant.slot)
    this.ready = true
  }

  get isOpen(): boolean {
    return this.ready
  }

  tenant(): TenantRef {
    return this.sql.exec<{ id: TenantId; slot: string }>("SELECT id, slot FROM tenant").one()
  }

  hasDefinition(hash: string): boolean {
    return this.sql.exec("SELECT 1 FROM definitions WHERE hash = ?", hash).toArray().length > 0
  }

  keepDefinition(hash: string, graph: string): void {
    this.sql.exec("INSERT INTO definitions (hash, graph) VALUES (?, ?) ON CONFLICT DO NOTHING", hash, graph)
  }

  definition(hash: string): string {
    return this.sql.exec<{ graph: string }>("SELECT graph FROM definitions WHERE hash = ?", hash).one().graph
  }

  /** Appends events and brings the execution's row up to them. */
  append(
    id: ExecutionId,
    events: readonly ExecutionEvent[],
    standing: Standing,
    summary: ExecutionSummary,
  ): void {
    for (const row of rowsOf(events)) {
      this.sql.exec(
        "INSERT INTO journal (execution, first_seq, last_seq, events) VALUES (?, ?, ?, ?)",
        id,
        row.first_seq,
        row.last_seq,
        row.events,
      )
    }
    const { seq, status, due, turnKey, waitsForPlace } = standing
    this.sql.exec(
      `INSERT INTO executions (id, last_seq, settled, dirty, summary, resting, due, turn_key, queued, settled_at)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq, settled = excluded.settled, dirty = 1, summary = excluded.summary,
         resting = excluded.resting, due = excluded.due, queued = excluded.queued, settled_at = excluded.settled_at`,
      id,
      seq,
      isSettled(status) ? 1 : 0,
      JSON.stringify(summary),
      isResting(status) || status === "queued" ? 1 : 0,
      due === undefined || due === Infinity ? null : due,
      turnKey ?? null,
      status === "queued" ? queuedFor[waitsForPlace ? "place" : "turn"] : 0,
      summary.finished_at === null ? null : Date.parse(summary.finished_at),
    )
  }

  /** Takes out what a write that failed has left behind. */
  takeBack(id: ExecutionId, seq: number): void {
    this.sql.exec("DELETE FROM journal WHERE execution = ? AND first_seq >= ?", id, seq)
  }

  /** Forgets what was kept for an execution that never came to be: its key may begin another. */
  forgetStart(id: ExecutionId): void {
    this.sql.exec("DELETE FROM idempotency WHERE execution = ?", id)
    this.sql.exec("DELETE FROM recordings WHERE execution = ?", id)
  }

  /** Ends an execution by its row alone; answers with what its place was counted for. */
  abandon(id: ExecutionId, error: StepError, at: string): string | undefined {
    const row = this.sql
      .exec<{ last_seq: number; summary: string; turn_key: string | null }>(
        "SELECT last_seq, summary, turn_key FROM executions WHERE id = ?",
        id,
      )
      .one()
    const seq = row.last_seq + 1
    const summary = JSON.parse(row.summary) as ExecutionSummary
    const event = { seq, at, type: "execution.failed", data: { error } } as const
    const ended = { ...summary, status: "failed", error, finished_at: at } as const
    this.append(id, [event], { seq, status: "failed", due: undefined, turnKey: undefined }, ended)
    return row.turn_key ?? undefined
  }

  /** The number of an execution's last event; undefined when this object has no such execution. */
  lastSeq(id: ExecutionId): number | undefined {
    if (!this.ready) return undefined
    return this.sql
      .exec<{ last_seq: number }>("SELECT last_seq FROM executions WHERE id = ?", id)
      .toArray()[0]?.last_seq
  }

  state(id: ExecutionId): ExecutionState {
    return replay(this.events(id))
  }

  /** The definition that an execution is pinned to, by its first event. */
  definitionOf(id: ExecutionId): string | undefined {
    for (const event of this.events(id))
      return event.type === "execution.queued" ? event.data.definition : undefined
    return undefined
  }

  /** A whole journal, as it was committed. */
  rows(id: ExecutionId): JournalRow[] {
    return this.sql
      .exec<JournalRow>(
        "SELECT first_seq, last_seq, events FROM journal WHERE execution = ? ORDER BY first_seq",
        id,
      )
      .toArray()
  }

  private *events(id: ExecutionId): Generator<ExecutionEvent> {
    for (const row of this.sql.exec<{ events: string }>(
      "SELECT events FROM journal WHERE execution = ? ORDER BY first_seq",
      id,
    )) {
      yield* JSON.parse(row.events) as ExecutionEvent[]
    }
  }

  /** The journal's rows that hold events after `seq`, until `bytes` are reached; the first may begin before it. */
  rowsAfter(id: ExecutionId, seq: number, bytes: number): JournalRow[] {
    const rows: JournalRow[] = []
    let size = 0
    const found = this.sql.exec<JournalRow>(
      `SELECT first_seq, last_seq, events FROM journal
       WHERE execution = ? AND first_seq >= COALESCE((SELECT MAX(first_seq) FROM journal WHERE execution = ? AND first_seq <= ?), 0) AND last_seq > ?
       ORDER BY first_seq LIMIT 200`,
      id,
      id,
      seq + 1,
      seq,
    )
    for (const row of found) {
      rows.push(row)
      size += row.events.length
      if (size >= bytes) break
    }
    return rows
  }

  isSettled(id: ExecutionId): boolean {
    return this.sql.exec("SELECT 1 FROM executions WHERE id = ? AND settled = 1", id).toArray().length > 0
  }

  /** Executions that need looking after now: those under way, and those at rest whose time has come. */
  busy(now: number): ExecutionId[] {
    return this.sql
      .exec<{ id: ExecutionId }>(
        `SELECT id FROM executions WHERE settled = 0 AND resting = 0
         UNION ALL SELECT id FROM executions WHERE settled = 0 AND resting = 1 AND due <= ?`,
        now,
      )
      .toArray()
      .map(({ id }) => id)
  }

  /** Executions that ended before a time and whose index row has arrived, oldest first. */
  settledBefore(time: number, most: number): ExecutionId[] {
    return this.sql
      .exec<{ id: ExecutionId }>(
        "SELECT id FROM executions WHERE moved_out = 0 AND settled_at < ? AND dirty = 0 ORDER BY settled_at LIMIT ?",
        time,
        most,
      )
      .toArray()
      .map(({ id }) => id)
  }

  /** When the execution ended that is the oldest still here. */
  firstSettled(): number | undefined {
    const [row] = this.sql
      .exec<{ at: number | null }>(
        "SELECT MIN(settled_at) AS at FROM executions WHERE moved_out = 0 AND settled_at IS NOT NULL",
      )
      .toArray()
    return row?.at ?? undefined
  }

  /** Forgets a journal that lies in the archive now. */
  moveOut(id: ExecutionId): void {
    this.sql.exec("DELETE FROM journal WHERE execution = ?", id)
    this.sql.exec("DELETE FROM recordings WHERE execution = ?", id)
    this.sql.exec("UPDATE executions SET moved_out = 1 WHERE id = ?", id)
  }

  isMovedOut(id: ExecutionId): boolean {
    if (!this.ready) return false
    return this.sql.exec("SELECT 1 FROM executions WHERE id = ? AND moved_out = 1", id).toArray().length > 0
  }

  /** What a key has begun, unless it has expired. */
  started(key: string, now: number): { digest: string; execution: ExecutionId } | undefined {
    return this.sql
      .exec<{ digest: string; execution: ExecutionId }>(
        "SELECT digest, execution FROM idempotency WHERE key = ? AND expires > ?",
        key,
        now,
      )
      .toArray()[0]
  }

  keepKey(key: string, digest: string, execution: ExecutionId, expires: number): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO idempotency (key, digest, execution, expires) VALUES (?, ?, ?, ?)",
      key,
      digest,
      execution,
      expires,
    )
  }

  forgetKeys(now: number): void {
    this.sql.exec("DELETE FROM idempotency WHERE expires <= ?", now)
  }

  keepRecordings(id: ExecutionId, recorded: Record<string, Recorded>): void {
    for (const [key, result] of Object.entries(recorded)) {
      this.sql.exec(
        "INSERT OR REPLACE INTO recordings (execution, key, result) VALUES (?, ?, ?)",
        id,
        key,
        JSON.stringify(result),
      )
    }
  }

  recording(id: ExecutionId, key: string): Recorded | undefined {
    const [row] = this.sql
      .exec<{ result: string }>("SELECT result FROM recordings WHERE execution = ? AND key = ?", id, key)
      .toArray()
    return row && (JSON.parse(row.result) as Recorded)
  }
}
