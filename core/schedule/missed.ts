import { firesBetween, nextFires, type Timing } from "./timing.ts"

export type MissedPolicy = "skip" | "fire_once" | "fire_all"

/** A fire that is due this long after its time was not late by much: nobody was down. */
export const graceMs = 60_000

/** As many missed fires are made up for at most, the last ones. */
export const mostMadeUp = 100

/** What becomes of the fires that are due: which are made, which are given up, and when the next is. */
export type Due = { fire: number[]; skipped: number[]; next: number | undefined }

/**
 * Decides at `now` about every fire since `expected`, before which all are made. Those within the grace are made whatever the
 * policy says; of those before, none, the last, or each.
 */
export function dueFires(timing: Timing, policy: MissedPolicy, expected: number, now: number): Due {
  if (expected > now) return { fire: [], skipped: [], next: nextFires(timing, expected - 1, 1)[0] }
  const due = firesBetween(timing, expected - 1, now, mostMadeUp)
  const current = due.filter((at) => at > now - graceMs)
  const missed = due.filter((at) => at <= now - graceMs)
  const madeUp =
    policy === "fire_all" ? missed : policy === "fire_once" && current.length === 0 ? missed.slice(-1) : []
  return {
    fire: [...madeUp, ...current],
    skipped: missed.filter((at) => !madeUp.includes(at)),
    next: nextFires(timing, now, 1)[0],
  }
}
