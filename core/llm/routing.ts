import type { ModelFailure } from "./failure.ts"

/** Targets in the order in which they are asked: by their order, and among equals by chance, in the measure of their weights. */
export function routed<T extends { order: number; weight: number }>(
  targets: readonly T[],
  chance: () => number,
): T[] {
  // Efraimidis and Spirakis: the largest u^(1/w) first draws without replacement in the measure of the weights.
  const drawn = targets.map((target) => ({ target, ticket: Math.log(chance() || 1e-12) / target.weight }))
  return drawn
    .sort((a, b) => a.target.order - b.target.order || b.ticket - a.ticket)
    .map(({ target }) => target)
}

/** Whether another target may do better. A call that is wrong as it is, is wrong everywhere. */
export const mayFailOver = ({ code }: ModelFailure): boolean => code !== "model.bad_request"

/** Whether a target is to blame, so that it is left out when this happens again and again. */
export const isItsFault = ({ code }: ModelFailure): boolean =>
  code !== "model.bad_request" && code !== "model.bad_output"

const firstWaitMs = 250
const longestWaitMs = 8_000

/** How long to wait before the same target is asked again; undefined when that is longer than is allowed. */
export function waitBefore(
  retry: number,
  { retry_after_ms }: Pick<ModelFailure, "retry_after_ms">,
  mostMs: number,
  chance: () => number,
): number | undefined {
  if (retry_after_ms !== undefined) return retry_after_ms <= mostMs ? retry_after_ms : undefined
  // Full jitter, so that many callers that failed together do not come back together.
  const backoff = Math.min(firstWaitMs * 2 ** retry, longestWaitMs, mostMs)
  return Math.round(backoff / 2 + (backoff / 2) * chance())
}
