import type { Alert } from "#core/governor/ledger"
import type { AlertNote } from "./ports.ts"

const minuteMs = 60_000
/** After each failure somebody is told again so much later; behind the last nobody is any more. In all about a day and a half. */
const waits = [
  5_000,
  30_000,
  2 * minuteMs,
  10 * minuteMs,
  60 * minuteMs,
  180 * minuteMs,
  480 * minuteMs,
  1_440 * minuteMs,
]

export type DueAlert = { note: AlertNote; ways: string[] | undefined; attempts: number }
export type AlertState = "waiting" | "told" | "given_up"
/** Tests are told at once and not kept. */
export type KeptAlert = AlertNote & { kind: "threshold" | "refused"; state: AlertState }

type Row = { id: string; note: string; ways: string | null; attempts: number; state: AlertState }

/** Who is still to be told of what; kept until they are, or until nobody can be reached for a day and a half. */
export class Alerts {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  add({ budget, account, kind, percent, spent }: Alert, now: number): void {
    const note: AlertNote = {
      // A budget comes to a step once in a period, unless its limit was changed.
      id: ["alert", budget.id, account, kind, percent, budget.version].join(":"),
      budget_id: budget.id,
      budget_name: budget.name,
      account,
      kind,
      percent,
      limit_micros: budget.limit_micros,
      spent_micros: spent,
      at: new Date(now).toISOString(),
    }
    this.sql.exec(
      "INSERT INTO alerts (id, note, at, ways, attempts, due, state) VALUES (?, ?, ?, NULL, 0, ?, 'waiting') ON CONFLICT DO NOTHING",
      note.id,
      JSON.stringify(note),
      now,
      now,
    )
  }

  due(now: number, most: number): DueAlert[] {
    return this.sql
      .exec<Row>("SELECT id, note, ways, attempts FROM alerts WHERE due <= ? ORDER BY due LIMIT ?", now, most)
      .toArray()
      .map(({ note, ways, attempts }) => ({
        note: JSON.parse(note) as AlertNote,
        ways: ways === null ? undefined : (JSON.parse(ways) as string[]),
        attempts,
      }))
  }

  next(): number | undefined {
    return this.sql.exec<{ at: number | null }>("SELECT MIN(due) AS at FROM alerts").one().at ?? undefined
  }

  told(id: string): void {
    this.sql.exec("UPDATE alerts SET due = NULL, state = 'told' WHERE id = ?", id)
  }

  /** Has it told again later, by the ways that are left. */
  postpone({ note, attempts }: DueAlert, ways: string[] | undefined, now: number): void {
    const wait = waits[attempts]
    this.sql.exec(
      "UPDATE alerts SET ways = ?, attempts = attempts + 1, due = ?, state = ? WHERE id = ?",
      ways === undefined ? null : JSON.stringify(ways),
      wait === undefined ? null : now + wait,
      wait === undefined ? "given_up" : "waiting",
      note.id,
    )
  }

  of(budgetId: string, most: number): KeptAlert[] {
    return this.sql
      .exec<Row>(
        "SELECT note, state FROM alerts WHERE json_extract(note, '$.budget_id') = ? ORDER BY at DESC LIMIT ?",
        budgetId,
        most,
      )
      .toArray()
      .map(({ note, state }) => ({ ...(JSON.parse(note) as Omit<KeptAlert, "state">), state }))
  }
}
