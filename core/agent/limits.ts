import type { AgentConfig } from "./agent.ts"
import { isStuck } from "./stuck.ts"
import type { Turn } from "./turn.ts"

/** Why an agent is asked for its answer now, without tools; undefined while it may go on. */
export function lastCall({ limits }: AgentConfig, turns: readonly Turn[]): "limit" | "stuck" | undefined {
  // Answers that had to be mended are no steps of the work.
  const steps = turns.filter((turn) => turn.fault === undefined).length
  if (steps >= limits.max_iterations) return "limit"
  return isStuck(turns) ? "stuck" : undefined
}

const minuteMs = 60_000

/** How long to wait before the next question, so that no more than so many are asked in a minute. */
export function pauseFor(askedAt: readonly number[], perMinute: number | undefined, now: number): number {
  if (perMinute === undefined || askedAt.length < perMinute) return 0
  const latest = askedAt.toSorted((one, other) => other - one)
  return Math.max(0, latest[perMinute - 1]! + minuteMs - now)
}
