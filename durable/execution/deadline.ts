import { nextDue } from "#core/execution/next"
import type { ExecutionState } from "#core/execution/state"

/**
 * When an execution has taken too long, in ms since 1970; never, while it waits for times and people. Executions of engine 1 are
 * counted from their creation, waits included.
 */
export function deadlineOf(state: ExecutionState): number {
  if (state.engine_version < 2) return Date.parse(state.created_at ?? "") + state.timeout_ms
  if (state.waiting_since !== undefined || state.started_at === undefined) return Infinity
  return Date.parse(state.started_at) + state.timeout_ms + state.waited_ms
}

/** When an execution goes on by itself or has taken too long; never, while it waits for people. */
export const dueOf = (state: ExecutionState): number =>
  Math.min(deadlineOf(state), nextDue(state) ?? Infinity)
