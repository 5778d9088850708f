import { intervalOf, mostLeased, quantumOf, type Grant, type RatePolicy } from "./gcra.ts"

/** Requests that an isolate may let in without asking. */
export type Lease = {
  tokens: number
  /** Unused tokens are void from then on, in ms since 1970. */
  until: number
  /** When it is of use to ask again. */
  ask_at: number
  /** How many to ask for next time: it grows while leases are used up. */
  want: number
  /** What was left at the limit itself. */
  left: number
}

/** How long tokens may be kept: an isolate that falls asleep must not come back with them. */
export const leaseMs = 30_000

export type Verdict =
  /** Let in; `ahead` says that more should be asked for before the last is used. */
  | { is: "in"; lease: Lease; ahead: boolean }
  | { is: "out"; wait_ms: number }
  /** Nothing is known that could decide: ask for so many. */
  | { is: "ask"; want: number }

/** What becomes of a request by the lease alone. */
export function judge(lease: Lease | undefined, policy: RatePolicy, now: number): Verdict {
  if (!lease || lease.until <= now) return { is: "ask", want: quantumOf(policy) }
  if (lease.tokens > 0) {
    const tokens = lease.tokens - 1
    return { is: "in", lease: { ...lease, tokens }, ahead: tokens <= lease.want / 4 && lease.ask_at <= now }
  }
  return now < lease.ask_at
    ? { is: "out", wait_ms: lease.ask_at - now }
    : { is: "ask", want: Math.min(lease.want * 2, mostLeased(policy)) }
}

/** The lease with what was granted. What is left of the one before stays good for as long as it was. */
export function leased(
  before: Lease | undefined,
  { granted, ask_at, left }: Grant,
  want: number,
  now: number,
): Lease {
  const kept = before && before.until > now ? before.tokens : 0
  return { tokens: kept + granted, until: now + leaseMs, ask_at, want, left }
}

/** For whoever is let in or not: what is left, and in how many seconds the whole limit is free again. */
export const standing = ({ tokens, left }: Pick<Lease, "tokens" | "left">, policy: RatePolicy) => {
  const remaining = Math.min(policy.limit, tokens + left)
  return {
    remaining,
    reset_seconds: Math.ceil(((policy.limit - remaining) * intervalOf(policy)) / 1_000),
  }
}
