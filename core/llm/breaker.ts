/** How a target has done lately: after failures in a row it is left out for a while, then one call may try it. */
export type Breaker = {
  failures: number
  /** When it may be tried again; undefined while it is closed. */
  until: number | undefined
  /** How long it was last left out. */
  pause_ms: number
  /** Since when one call tries it; another may when that call is never heard of again. */
  trying_since: number | undefined
  last_error: { code: string; message: string; at: number } | undefined
}

export const freshBreaker: Breaker = {
  failures: 0,
  until: undefined,
  pause_ms: 0,
  trying_since: undefined,
  last_error: undefined,
}

const mostFailures = 5
const firstPauseMs = 15_000
const longestPauseMs = 300_000
const longestTryMs = 120_000

export type BreakerState = "closed" | "open" | "trying"

export function stateOf({ until, trying_since }: Breaker, now: number): BreakerState {
  if (until === undefined) return "closed"
  if (now < until) return "open"
  return trying_since !== undefined && now - trying_since < longestTryMs ? "open" : "trying"
}

/** Before a call. The first one after the pause is the one that tries. */
export const begun = (breaker: Breaker, now: number): Breaker =>
  breaker.until !== undefined && now >= breaker.until ? { ...breaker, trying_since: now } : breaker

/** After an answer. */
export const succeeded = (breaker: Breaker): Breaker => ({
  ...freshBreaker,
  last_error: breaker.last_error,
})

/** After a failure; one that says for how long is believed. `counts` is false for what the target cannot be blamed for. */
export function failed(
  breaker: Breaker,
  error: { code: string; message: string; retry_after_ms?: number | undefined },
  now: number,
  counts: boolean,
): Breaker {
  const last_error = { code: error.code, message: error.message, at: now }
  if (!counts) return { ...breaker, trying_since: undefined, last_error }
  const failures = breaker.failures + 1
  const wasTrying = breaker.until !== undefined
  if (!wasTrying && failures < mostFailures) return { ...breaker, failures, last_error }
  const usual = Math.min(Math.max(firstPauseMs, breaker.pause_ms * 2), longestPauseMs)
  const pause_ms = Math.max(usual, Math.min(error.retry_after_ms ?? 0, longestPauseMs))
  return { failures, until: now + pause_ms, pause_ms, trying_since: undefined, last_error }
}
