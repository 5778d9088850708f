import type { AgentConfig } from "./agent.ts"
import { isStuck } from "./stuck.ts"
import type { LastCall } from "./thought.ts"
import type { Turn } from "./turn.ts"

/** What an agent, or one that it works for, has run out of. */
export type Pressed = "time" | "cost" | undefined

/** Why an agent is asked for its answer now, without tools; undefined while it may go on. */
export function lastCall({ limits }: AgentConfig, turns: readonly Turn[], pressed?: Pressed): LastCall {
  if (pressed !== undefined) return pressed
  // Answers that had to be mended are no steps of the work.
  const steps = turns.filter((turn) => turn.fault === undefined).length
  if (steps >= limits.max_iterations) return "limit"
  return isStuck(turns) ? "stuck" : undefined
}

/** How long an agent may take for its answer when its time is over, in ms: a fifth of its time, but 10 s at least and 60 s at most. */
export const graceMs = (maxSeconds: number): number => Math.min(Math.max(maxSeconds * 200, 10_000), 60_000)
