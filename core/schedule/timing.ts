import { Cron } from "croner"
import type { InputFault } from "#core/errors"

/** When something recurs: by cron in a time zone, or every so many seconds, counted from 1970. Times are ms since 1970. */
export type Timing =
  | { kind: "cron"; cron: string; time_zone: string }
  | { kind: "interval"; every_seconds: number }

/**
 * What is wrong with a timing, by the field where it is. A time that the clocks skip in spring comes right after the gap; one that
 * autumn brings twice comes once. Only what recurs within hours (`*`, lists, steps) follows the clock both times.
 */
export function timingFaults(timing: Timing, now: number): InputFault[] {
  if (timing.kind === "interval") return []
  const { cron, time_zone } = timing
  const faults: InputFault[] = []
  if (!isTimeZone(time_zone)) {
    faults.push({
      path: "time_zone",
      message: `There is no time zone “${shortened(time_zone)}”. Use a name such as Europe/Berlin or UTC`,
    })
  }
  const fault = cronFault(cron, now)
  if (fault !== undefined) faults.push({ path: "cron", message: fault })
  return faults
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** Only names: an offset such as `+02:00` would know of no daylight saving. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== ""
  } catch {
    return false
  }
}

const fields = ["minute", "hour", "day of the month", "month", "day of the week"]

function cronFault(cron: string, now: number): string | undefined {
  const parts = cron.trim().split(/\s+/)
  if (!cron.trim().startsWith("@") && parts.length !== fields.length) {
    return `A cron expression has five fields (${fields.join(", ")}); this one has ${cron.trim() === "" ? 0 : parts.length}`
  }
  try {
    return cronOf(cron, "UTC").nextRun(new Date(now))
      ? undefined
      : "No date fits this, so it would never fire"
  } catch (error) {
    const said = error instanceof Error ? error.message : ""
    return shortened(said.replace(/^Cron\w+:\s*/, "")) || "This is no cron expression"
  }
}

const cronOf = (cron: string, timezone: string): Cron =>
  new Cron(cron, { timezone, mode: "5-part", paused: true })

/** The next fires after a time, fewer when there are no more. The timing must be without faults. */
export function nextFires(timing: Timing, after: number, most: number): number[] {
  if (timing.kind === "cron") {
    const dates = cronOf(timing.cron, timing.time_zone).nextRuns(most, new Date(after))
    return dates.map((date) => date.getTime())
  }
  const every = timing.every_seconds * 1000
  const first = (Math.floor(after / every) + 1) * every
  return Array.from({ length: most }, (_, i) => first + i * every)
}

/** The last fires after one time up to and with another, in order. */
export function firesBetween(timing: Timing, after: number, until: number, most: number): number[] {
  if (timing.kind === "cron") return cronFires(cronOf(timing.cron, timing.time_zone), after, until, most)
  const every = timing.every_seconds * 1000
  const last = Math.floor(until / every)
  const first = Math.max(Math.floor(after / every) + 1, last - most + 1)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * every)
}

/** Forward, since hardly ever more than one is due; only a clock that stood still for long looks back from the end. */
function cronFires(cron: Cron, after: number, until: number, most: number): number[] {
  const fires: number[] = []
  for (let at = after; ;) {
    const next = cron.nextRun(new Date(at))?.getTime()
    if (next === undefined || next > until) return fires
    if (fires.length === most) break
    fires.push(next)
    at = next
  }
  // A whole second later, since croner looks strictly before its reference and counts in seconds.
  const last = cron.previousRuns(most, new Date(until + 1_000)).map((date) => date.getTime())
  return last.filter((at) => at > after && at <= until).toReversed()
}
