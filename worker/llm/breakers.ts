import { begun, failed, freshBreaker, stateOf, succeeded, type Breaker } from "#core/llm/breaker"
import type { ModelFailure } from "#core/llm/failure"
import { isItsFault } from "#core/llm/routing"

/** A model at a provider of a tenant. */
export type TargetKey = { tenant: string; provider_id: string; model: string }

const mostKept = 10_000
const kept = new Map<string, Breaker>()

const nameOf = ({ tenant, provider_id, model }: TargetKey): string => `${tenant}/${provider_id}/${model}`

/** How a target has done, as far as this isolate has seen: each isolate learns by itself, and soon enough. */
export const breakerOf = (key: TargetKey): Breaker => kept.get(nameOf(key)) ?? freshBreaker

export const isOpen = (key: TargetKey, now: number): boolean => stateOf(breakerOf(key), now) === "open"

export const noteBegun = (key: TargetKey, now: number): void => put(key, begun(breakerOf(key), now))

export const noteSucceeded = (key: TargetKey): void => put(key, succeeded(breakerOf(key)))

export const noteFailed = (key: TargetKey, failure: ModelFailure, now: number): void =>
  put(key, failed(breakerOf(key), failure, now, isItsFault(failure)))

function put(key: TargetKey, breaker: Breaker): void {
  const name = nameOf(key)
  kept.delete(name)
  if (breaker === freshBreaker) return
  kept.set(name, breaker)
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
}
