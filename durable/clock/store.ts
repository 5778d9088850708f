import type { TenantId, TriggerId } from "#core/ids"
import type { MissedPolicy } from "#core/schedule/missed"
import type { Timing } from "#core/schedule/timing"
import { appointmentsTable } from "#durable/kit/alarms"
import { isMigrated, migrate, type Migration } from "#durable/kit/sqlite"
import type { Schedule, TenantRef } from "./ports.ts"

const migrations: readonly Migration[] = [
  {
    id: "000_schedules",
    sql: `
      CREATE TABLE tenant (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, slot TEXT NOT NULL);
      CREATE TABLE schedules (
        id TEXT PRIMARY KEY, timing TEXT NOT NULL, missed TEXT NOT NULL, due INTEGER, failures INTEGER NOT NULL, retry INTEGER NOT NULL
      ) WITHOUT ROWID;
      ${appointmentsTable};`,
  },
]

/** A schedule on the clock. `due` is the first fire that is not made yet: all before it are. */
export type Kept = {
  id: TriggerId
  timing: Timing
  missed: MissedPolicy
  due: number
  failures: number
}

type Row = { id: TriggerId; timing: string; missed: MissedPolicy; due: number; failures: number }

/** The only one that speaks SQL for a clock. */
export class ClockStore {
  private readonly sql: SqlStorage
  private ready: boolean

  constructor(sql: SqlStorage) {
    this.sql = sql
    this.ready = isMigrated(sql)
    if (this.ready) migrate(sql, migrations)
  }

  open(tenant: TenantRef): void {
    if (this.ready) return
    migrate(this.sql, migrations)
    this.sql.exec("INSERT INTO tenant (only, id, slot) VALUES (1, ?, ?)", tenant.id, tenant.slot)
    this.ready = true
  }

  /** Its storage was emptied. */
  forget(): void {
    this.ready = false
  }

  get isOpen(): boolean {
    return this.ready
  }

  tenant(): TenantRef {
    return this.sql.exec<{ id: TenantId; slot: string }>("SELECT id, slot FROM tenant").one()
  }

  /** Takes over what is to fire. One whose timing is as it was keeps its place; a new or changed one begins where it was told to. */
  replace(schedules: readonly Schedule[]): void {
    const ids = JSON.stringify(schedules.map(({ id }) => id))
    this.sql.exec("DELETE FROM schedules WHERE id NOT IN (SELECT value FROM json_each(?))", ids)
    for (const { id, timing, missed, next } of schedules) {
      this.sql.exec(
        `INSERT INTO schedules (id, timing, missed, due, failures, retry) VALUES (?, ?, ?, ?, 0, 0)
         ON CONFLICT (id) DO UPDATE SET missed = excluded.missed,
           due = CASE WHEN timing = excluded.timing THEN due ELSE excluded.due END,
           retry = CASE WHEN timing = excluded.timing THEN retry ELSE 0 END, timing = excluded.timing`,
        id,
        JSON.stringify(timing),
        missed,
        next ?? null,
      )
    }
  }

  /** What is due, the longest overdue first. */
  due(now: number, most: number): Kept[] {
    return this.sql
      .exec<Row>(
        "SELECT id, timing, missed, due, failures FROM schedules WHERE due <= ? AND retry <= ? ORDER BY due LIMIT ?",
        now,
        now,
        most,
      )
      .toArray()
      .map((row) => ({ ...row, timing: JSON.parse(row.timing) as Timing }))
  }

  /** When the next is due; undefined when none is. */
  next(): number | undefined {
    const [row] = this.sql
      .exec<{ at: number | null }>("SELECT MIN(MAX(due, retry)) AS at FROM schedules WHERE due IS NOT NULL")
      .toArray()
    return row?.at ?? undefined
  }

  /** Moves a schedule on, unless it was changed meanwhile. */
  advance({ id, due }: Pick<Kept, "id" | "due">, to: number | undefined): void {
    this.sql.exec(
      "UPDATE schedules SET due = ?, failures = 0, retry = 0 WHERE id = ? AND due = ?",
      to ?? null,
      id,
      due,
    )
  }

  /** Puts a schedule off that may not fire now. */
  hold({ id, due }: Kept, until: number): void {
    this.sql.exec("UPDATE schedules SET retry = ? WHERE id = ? AND due = ?", until, id, due)
  }

  /** Has a schedule tried again later. */
  postpone({ id, due }: Kept, until: number): void {
    this.sql.exec(
      "UPDATE schedules SET failures = failures + 1, retry = ? WHERE id = ? AND due = ?",
      until,
      id,
      due,
    )
  }
}
