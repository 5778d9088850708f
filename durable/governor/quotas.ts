import { done, refused, type Outcome } from "#core/errors"
import { spanAt } from "#core/governor/period"
import { portion, quotaDetail } from "#core/governor/quota"
import type { Entered, EntryAsk } from "./messages.ts"

/** How long limits that were told hold at most, so that new ones are soon known everywhere. */
const knownMs = 5_000
/** A lane that has executions under way says so every 20 s; one that says nothing for longer than this is gone, and its places are free. */
const forgottenMs = 60_000
/** One of those under way may end at any moment. */
const soonMs = 1_000
const keptDays = 3 * 86_400_000

/**
 * How many executions were begun today, and how many are under way, in the lanes of one tenant. Lanes are given some ahead and give back
 * what they do not use; what was given out never comes to more than the limit.
 */
export class ExecutionQuotas {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  /** Lets a lane begin executions: one at least, or none. */
  enter({ lane, limits, left, open, wanted }: EntryAsk, now: number): Outcome<Entered> {
    this.takeBack(left)
    const { name: day, until } = spanAt("day", now)
    const most = limits.executions_per_day ?? Infinity
    const used = this.begun(day)
    const begins = portion(most - used, wanted)
    if (begins === 0) {
      const refusal = { quota: "executions_per_day", limit: most, used, resets: until } as const
      return refused("quota.exceeded", quotaDetail(refusal, now))
    }
    const mostOpen = limits.concurrent_executions ?? Infinity
    const others = this.openBeside(lane, now)
    const places = portion(mostOpen - others - open, wanted)
    if (places === 0) {
      this.hold(lane, open, now)
      return refused("quota.exceeded", {
        ...quotaDetail(
          { quota: "concurrent_executions", limit: mostOpen, used: others + open, resets: undefined },
          now,
        ),
        retryAfterSeconds: soonMs / 1_000,
      })
    }
    this.begin(day, begins)
    this.hold(lane, open + places, now)
    return done({ day, for_ms: Math.min(until! - now, knownMs), begins, places: open + places })
  }

  /** A lane says how many executions it has under way, and gives back what it has not used. */
  leave(lane: string, left: EntryAsk["left"], open: number, now: number): void {
    this.takeBack(left)
    this.hold(lane, open, now)
  }

  /** How many were begun on the day, with those that may be begun without asking. */
  begun(day: string): number {
    const sql = "SELECT count FROM begun WHERE day = ?"
    return this.sql.exec<{ count: number }>(sql, day).toArray()[0]?.count ?? 0
  }

  /** How many are under way in all lanes but one. */
  openBeside(lane: string, now: number): number {
    const sql = "SELECT COALESCE(SUM(held), 0) AS held FROM places WHERE lane <> ? AND told > ?"
    return this.sql.exec<{ held: number }>(sql, lane, now - forgottenMs).one().held
  }

  sweep(now: number): void {
    this.sql.exec("DELETE FROM begun WHERE day < ?", new Date(now - keptDays).toISOString().slice(0, 10))
    this.sql.exec("DELETE FROM places WHERE told < ?", now - forgottenMs)
  }

  private begin(day: string, count: number): void {
    this.sql.exec(
      "INSERT INTO begun (day, count) VALUES (?, ?) ON CONFLICT DO UPDATE SET count = MAX(0, count + excluded.count)",
      day,
      count,
    )
  }

  private takeBack(left: EntryAsk["left"]): void {
    if (left && left.begins > 0) this.begin(left.day, -left.begins)
  }

  private hold(lane: string, held: number, now: number): void {
    if (held === 0) this.sql.exec("DELETE FROM places WHERE lane = ?", lane)
    else this.sql.exec("INSERT OR REPLACE INTO places (lane, held, told) VALUES (?, ?, ?)", lane, held, now)
  }
}
