import { done, refused, type Outcome } from "#core/errors"
import { spanAt } from "#core/governor/period"
import { isBefore, type Head } from "#core/governor/queue"
import { portion, quotaDetail, type QuotaRefusal } from "#core/governor/quota"
import type { Entered, EntryAsk } from "./messages.ts"

type Beside = { held: number; waiting: number }

/** How long what was told holds at most: limits, so that new ones are soon known everywhere, and that somebody waits. */
const knownMs = 5_000
/** A lane that has executions under way says so every 20 s; one that says nothing for longer than this is gone, and its places are free. */
const forgottenMs = 60_000
/** When a refusal for want of room says to try again. */
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

  /**
   * Takes in executions of a lane: one at least, to begin or to wait, or none. Those who wait there already are given places first; a
   * lane that has nobody to take in is never refused.
   */
  enter(ask: EntryAsk, now: number): Outcome<Entered> {
    const { lane, limits, left, open, wanted, waiting } = ask
    const grant = this.takeBack(lane, left, now) + 1
    const { name: day, until } = spanAt("day", now)
    const most = limits.executions_per_day ?? Infinity
    const used = this.begun(day)
    const begins = wanted === 0 ? 0 : portion(most - used, wanted)
    if (begins === 0 && wanted > 0)
      return this.refuse({ quota: "executions_per_day", limit: most, used, resets: until }, now)
    const others = this.beside(lane, now)
    const places = this.placesFor(ask, others, now)
    // What is left of the places, once those have theirs who came before.
    const isFull = places <= waiting
    const room = isFull && wanted > 0 ? this.waitsFor(ask, others) : 0
    this.hold(lane, { held: open + places, waiting: waiting + room, head: ask.head }, now)
    if (isFull && wanted > 0 && room === 0 && places === 0) return this.full(ask, others, now)
    this.begin(day, begins)
    this.note(lane, grant, 0, now)
    return done({
      grant,
      day,
      for_ms: Math.min(until! - now, knownMs),
      begins,
      places: open + places,
      waits: room,
    })
  }

  /** How many places more a lane is given. While lanes wait they are given one by one, and kept for those whose turn is first. */
  private placesFor(
    { lane, limits, open, wanted, waiting, head }: EntryAsk,
    others: Beside,
    now: number,
  ): number {
    const free = (limits.concurrent_executions ?? Infinity) - others.held - open
    const rivals = others.waiting > 0 ? this.rivals(lane, now) : []
    if (rivals.length === 0) return portion(free, wanted + waiting)
    const before = rivals.filter((rival) => !head || isBefore(rival, head)).length
    return Math.max(0, Math.min(1, free - before))
  }

  /** How many of those that are wanted may wait. */
  private waitsFor({ limits, wanted, waiting, may_wait }: EntryAsk, others: Beside): number {
    // Where there is no place at all nobody would ever have one.
    if (!may_wait || limits.concurrent_executions === 0) return 0
    return Math.max(0, Math.min(wanted, (limits.waiting_executions ?? Infinity) - others.waiting - waiting))
  }

  /** Says why nobody is taken in: where some may wait, that too many do. */
  private full({ limits, open, waiting, may_wait }: EntryAsk, others: Beside, now: number): Outcome<never> {
    const most = limits.waiting_executions ?? Infinity
    const refusal: QuotaRefusal =
      may_wait && most > 0 && limits.concurrent_executions !== 0
        ? { quota: "waiting_executions", limit: most, used: others.waiting + waiting, resets: undefined }
        : {
            quota: "concurrent_executions",
            limit: limits.concurrent_executions ?? Infinity,
            used: others.held + open,
            resets: undefined,
          }
    return this.refuse(refusal, now)
  }

  private refuse(refusal: QuotaRefusal, now: number): Outcome<never> {
    const detail = quotaDetail(refusal, now)
    // One of those under way may end at any moment.
    return refused("quota.exceeded", { retryAfterSeconds: soonMs / 1_000, ...detail })
  }

  /** A lane says how many executions it has under way, and gives back what it has not used. */
  leave(lane: string, left: EntryAsk["left"], open: number, now: number): void {
    this.takeBack(lane, left, now)
    this.hold(lane, { held: open, waiting: 0, head: undefined }, now)
  }

  /** How many were begun on the day, with those that may be begun without asking. */
  begun(day: string): number {
    const sql = "SELECT count FROM begun WHERE day = ?"
    return this.sql.exec<{ count: number }>(sql, day).toArray()[0]?.count ?? 0
  }

  /** How many are under way in all lanes but one, and how many wait there. */
  beside(lane: string, now: number): Beside {
    const sql = `SELECT COALESCE(SUM(held), 0) AS held, COALESCE(SUM(waiting), 0) AS waiting
      FROM places WHERE lane <> ? AND told > ?`
    return this.sql.exec<Beside>(sql, lane, now - forgottenMs).one()
  }

  /** Who is next in the other lanes where somebody waits; a lane that has not asked for a while keeps nobody waiting. */
  private rivals(lane: string, now: number): Head[] {
    const sql = "SELECT share, since FROM places WHERE lane <> ? AND waiting > 0 AND told > ?"
    return this.sql.exec<Head>(sql, lane, now - knownMs).toArray()
  }

  sweep(now: number): void {
    this.sql.exec("DELETE FROM begun WHERE day < ?", new Date(now - keptDays).toISOString().slice(0, 10))
    this.sql.exec("DELETE FROM places WHERE told < ?", now - forgottenMs)
    this.sql.exec("DELETE FROM grants WHERE told < ?", now - keptDays)
  }

  private begin(day: string, count: number): void {
    this.sql.exec(
      "INSERT INTO begun (day, count) VALUES (?, ?) ON CONFLICT DO UPDATE SET count = MAX(0, count + excluded.count)",
      day,
      count,
    )
  }

  /** Takes back what the lane has left of what it was given last, once; answers with how often it was given something. */
  private takeBack(lane: string, left: EntryAsk["left"], now: number): number {
    const sql = "SELECT count, is_back FROM grants WHERE lane = ?"
    const last = this.sql.exec<{ count: number; is_back: number }>(sql, lane).toArray()[0]
    if (left && last && last.count === left.grant && last.is_back === 0) {
      this.note(lane, last.count, 1, now)
      if (left.begins > 0) this.begin(left.day, -left.begins)
    }
    return last?.count ?? 0
  }

  private note(lane: string, count: number, isBack: 0 | 1, now: number): void {
    const sql = "INSERT OR REPLACE INTO grants (lane, count, is_back, told) VALUES (?, ?, ?, ?)"
    this.sql.exec(sql, lane, count, isBack, now)
  }

  private hold(
    lane: string,
    { held, waiting, head }: Beside & { head: Head | undefined },
    now: number,
  ): void {
    if (held === 0 && waiting === 0) this.sql.exec("DELETE FROM places WHERE lane = ?", lane)
    else
      this.sql.exec(
        "INSERT OR REPLACE INTO places (lane, held, told, waiting, share, since) VALUES (?, ?, ?, ?, ?, ?)",
        lane,
        held,
        now,
        waiting,
        head?.share ?? 0,
        head?.since ?? "",
      )
  }
}
