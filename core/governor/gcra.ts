/**
 * The generic cell rate algorithm: one number for each limit, the theoretical arrival time (TAT) of the next request if all came evenly.
 * Times are in ms; whoever keeps the number decides and keeps the new one in one turn.
 */
export type RatePolicy = {
  /** What it is called in headers. */
  name: string
  /** So many requests in `window_ms`; as many may also come at once. */
  limit: number
  window_ms: number
}

/** Requests that were allowed in advance, and when it is of use to ask for more. */
export type Grant = {
  granted: number
  /** In ms since 1970. Before that, everything is refused once the grant is used up. */
  ask_at: number
  /** Requests that are left beside the grant. */
  left: number
}

export const intervalOf = ({ limit, window_ms }: RatePolicy): number => window_ms / limit

/**
 * The least that is worth a hop: a quarter of the limit, and no more than comes anew within a second. Smaller grants would bring a hop
 * for every request where a limit is reached; larger ones would make it come in fits.
 */
export const quantumOf = (policy: RatePolicy): number =>
  Math.max(1, Math.floor(Math.min(policy.limit / 4, 1_000 / intervalOf(policy))))

/** The most that one isolate holds in advance. */
export const mostLeased = ({ limit }: RatePolicy): number => Math.max(1, Math.floor(limit / 2))

/** Takes up to `want` requests off a limit. Nothing is granted beyond it, whoever asks and in whatever order. */
export function take(
  tat: number | undefined,
  policy: RatePolicy,
  want: number,
  now: number,
): { tat: number; grant: Grant } {
  const interval = intervalOf(policy)
  const reach = now + policy.window_ms
  // A clock that was set back must not lock anybody out for longer than a window.
  const from = Math.min(Math.max(now, tat ?? now), reach)
  // A part of a request that rounding has lost belongs to whoever asks.
  const free = Math.max(0, Math.floor((reach - from) / interval + 1e-9))
  const granted = Math.min(Math.max(0, Math.floor(want)), free)
  const after = from + granted * interval
  const left = free - granted
  const missing = quantumOf(policy) * interval - (reach - after)
  const ask_at = left > 0 ? now : Math.ceil(now + Math.max(0, missing))
  return { tat: after, grant: { granted, ask_at, left } }
}
