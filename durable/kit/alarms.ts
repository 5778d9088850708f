import "./crashpoint.ts"

export const appointmentsTable =
  "CREATE TABLE appointments (name TEXT PRIMARY KEY, due INTEGER NOT NULL) WITHOUT ROWID"

/** Many named appointments over the one alarm that an object has. Times are ms since 1970. */
export class Alarms {
  private readonly storage: DurableObjectStorage
  private armed: number | null | undefined

  constructor(storage: DurableObjectStorage) {
    this.storage = storage
  }

  /** Makes or moves an appointment. */
  at(name: string, due: number): void {
    this.make(name, due, "excluded.due")
  }

  /** Makes an appointment, or moves it forward: one that is sooner stays, however often this is asked. */
  by(name: string, due: number): void {
    this.make(name, due, "min(due, excluded.due)")
  }

  private make(name: string, due: number, moved: "excluded.due" | "min(due, excluded.due)"): void {
    globalThis.crashpoint?.("before-alarm", name)
    this.storage.sql.exec(
      `INSERT INTO appointments (name, due) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET due = ${moved}`,
      name,
      due,
    )
    // After a restart the alarm that is set is not known here; the table says what it must be.
    if (this.armed === undefined) this.rearm()
    else if (this.armed === null || due < this.armed) this.arm(due)
    globalThis.crashpoint?.("after-alarm", name)
  }

  /** Makes an appointment unless there is one of that name. */
  keep(name: string, due: number): void {
    const known = this.storage.sql.exec("SELECT 1 FROM appointments WHERE name = ?", name).toArray()
    if (known.length === 0) this.at(name, due)
  }

  drop(name: string): void {
    this.storage.sql.exec("DELETE FROM appointments WHERE name = ?", name)
  }

  /** Takes the appointments that are due. Whoever is late by a crash is simply due. */
  take(now: number): string[] {
    const due = this.storage.sql
      .exec<{ name: string }>("SELECT name FROM appointments WHERE due <= ? ORDER BY due", now)
      .toArray()
    for (const { name } of due) this.drop(name)
    return due.map(({ name }) => name)
  }

  /** Sets the alarm for the earliest appointment that is left. Call at the end of `alarm()`. */
  rearm(): void {
    const [first] = this.storage.sql
      .exec<{ due: number | null }>("SELECT MIN(due) AS due FROM appointments")
      .toArray()
    if (first?.due != null) this.arm(first.due)
    else this.armed = null
  }

  /** Not awaited: the output gate holds every answer until the alarm is durable with the rest of the turn. */
  private arm(due: number): void {
    this.armed = due
    void this.storage.setAlarm(due)
  }
}
