import type { Micros } from "#core/money"
import type { Span } from "./period.ts"

const hourMs = 3_600_000

export type Forecast = {
  /** What will have been spent at the end of the period if it goes on as until now. */
  at_end: Micros
  /** When the limit is reached, in ms since 1970; undefined when it is not within the period. */
  exhausted: number | undefined
}

/**
 * Goes on in a straight line from the beginning of the period. In its first hour nothing can be said, so what is spent is taken for the
 * spending of a whole hour.
 */
export function forecast(spent: Micros, limit: Micros, { from, until }: Span, now: number): Forecast {
  if (until === undefined || now >= until) return { at_end: spent, exhausted: undefined }
  const rate = spent / Math.max(now - from, hourMs)
  const at_end = Math.round(spent + rate * (until - now))
  if (spent >= limit) return { at_end, exhausted: now }
  const exhausted = rate === 0 ? Infinity : now + (limit - spent) / rate
  return { at_end, exhausted: exhausted < until ? Math.round(exhausted) : undefined }
}
