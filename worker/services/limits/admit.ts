import { Failure } from "#core/errors"
import { take, type Grant } from "#core/governor/gcra"
import { judge, leased, standing, type Lease, type Verdict } from "#core/governor/lease"
import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { Env } from "#worker/env"
import { governorStub } from "#worker/stubs"
import type { RateLimit } from "./policies.ts"

/** Who asks to be let in, and by what means. */
type Asking = {
  env: Env
  tenant: { id: TenantId; slot: string }
  limits: readonly RateLimit[]
  /** Whether nothing is changed: such requests are let in by a count of our own while the governor cannot be asked. */
  reads: boolean
  after: (work: Promise<unknown>) => void
}

/** What headers tell of a limit. */
export type Left = {
  name: string
  limit: number
  window_seconds: number
  remaining: number
  reset_seconds: number
}

const mostKeys = 20_000
const keptMs = 120_000
/** Whoever asks the governor while another request of this isolate does so already waits a little for what that brings. */
const pollMs = 3
const mostWaitMs = 150
/** A governor that did not answer is left alone for so long, or for as long as it was waited for. */
const restMs = 1_000

/** What this isolate may let in without asking, by tenant and key. */
const leases = new BoundedCache<string, Lease>(mostKeys)
/** Since when somebody asks for more of a key. */
const asking = new Map<string, number>()
/** Counts of our own while a governor cannot be asked. */
const local = new BoundedCache<string, number>(mostKeys)
const resting = new BoundedCache<TenantId, true>(1_000)

/**
 * Lets a request in, or throws `rate.limited` with the time to wait. Most are judged by a lease that the isolate holds; the governor is
 * asked for the next one before the last token is used.
 */
export async function admit(request: Asking): Promise<Left[]> {
  const { tenant, limits } = request
  const names = limits.map(({ key }) => `${tenant.id} ${key}`)
  const since = Date.now()
  for (;;) {
    const now = Date.now()
    const verdicts = limits.map(({ policy }, i) => judge(leases.get(names[i]!, now), policy, now))
    refuseOut(request, names, verdicts)
    const wanting = verdicts.flatMap((verdict, i) => (verdict.is === "ask" ? [i] : []))
    if (wanting.length === 0) {
      enter(request, names, verdicts, now)
      return limits.map((_, i) => leftOf(request, names, i))
    }
    if (wanting.some((i) => asking.has(names[i]!)) && now - since < mostWaitMs) {
      await new Promise((resolve) => setTimeout(resolve, pollMs))
      continue
    }
    await renew(request, names, verdicts, wanting)
  }
}

function refuseOut(request: Asking, names: readonly string[], verdicts: readonly Verdict[]): void {
  const waits = verdicts.map((verdict) => (verdict.is === "out" ? verdict.wait_ms : 0))
  const wait = Math.max(0, ...waits)
  if (wait === 0) return
  const { policy } = request.limits[waits.indexOf(wait)]!
  throw new Failure("rate.limited", {
    detail: `Too many requests: ${policy.limit} in ${policy.window_ms / 1_000} s are let in for this ${policy.name}. Wait ${Math.ceil(wait / 1_000)} s.`,
    retryAfterSeconds: wait / 1_000,
    more: { limit: policy.name, quota: policy.limit, window_seconds: policy.window_ms / 1_000 },
    headers: headersOf(request.limits.map((_, i) => leftOf(request, names, i))),
  })
}

function enter(request: Asking, names: readonly string[], verdicts: readonly Verdict[], now: number): void {
  const ahead: number[] = []
  for (const [i, verdict] of verdicts.entries()) {
    if (verdict.is !== "in") continue
    leases.set(names[i]!, verdict.lease, now + keptMs)
    if (verdict.ahead && !asking.has(names[i]!)) ahead.push(i)
  }
  // The request does not wait for it, nor fail by it.
  if (ahead.length > 0) request.after(renew(request, names, verdicts, ahead).catch(() => {}))
}

/** Asks the governor once for all limits that want more. */
async function renew(
  request: Asking,
  names: readonly string[],
  verdicts: readonly Verdict[],
  wanting: readonly number[],
): Promise<void> {
  const { tenant, limits, env, reads } = request
  const wants = wanting.map((i) => wantOf(verdicts[i]!))
  const asks = wanting.map((i, n) => ({ ...limits[i]!, want: wants[n]! }))
  const at = Date.now()
  for (const i of wanting) asking.set(names[i]!, at)
  let grants: Grant[]
  try {
    if (resting.get(tenant.id, at)) throw new Failure("governor.unavailable")
    grants = await governorStub(env, tenant.id).lease(tenant, asks)
  } catch (error) {
    if (!(error instanceof Failure)) {
      const now = Date.now()
      resting.set(tenant.id, true, now + Math.max(restMs, now - at))
      console.error("limits: the governor cannot be asked", { error: String(error) })
    }
    if (!reads) throw new Failure("governor.unavailable")
    grants = asks.map((ask, n) => ownGrant(names[wanting[n]!]!, ask))
  } finally {
    for (const i of wanting) asking.delete(names[i]!)
  }
  const now = Date.now()
  for (const [n, i] of wanting.entries()) {
    const name = names[i]!
    leases.set(name, leased(leases.get(name, now), grants[n]!, wants[n]!, now), now + keptMs)
  }
}

const wantOf = (verdict: Verdict): number =>
  verdict.is === "ask" ? verdict.want : verdict.is === "in" ? verdict.lease.want : 1

/** The same limit, counted by this isolate alone. */
function ownGrant(name: string, { policy, want }: RateLimit & { want: number }): Grant {
  const now = Date.now()
  const { tat, grant } = take(local.get(name, now), policy, want, now)
  local.set(name, tat, now + policy.window_ms)
  return grant
}

function leftOf({ limits }: Asking, names: readonly string[], i: number): Left {
  const { policy } = limits[i]!
  const lease = leases.get(names[i]!, Date.now())
  const { remaining, reset_seconds } = standing(lease ?? { tokens: 0, left: 0 }, policy)
  return {
    name: policy.name,
    limit: policy.limit,
    window_seconds: policy.window_ms / 1_000,
    remaining,
    reset_seconds,
  }
}

/** As draft-ietf-httpapi-ratelimit-headers-10 has them: what the limits are, and how much of each is left. */
export const headersOf = (left: readonly Left[]): Record<string, string> =>
  left.length === 0
    ? {}
    : {
        "ratelimit-policy": left
          .map((one) => `"${one.name}";q=${one.limit};w=${one.window_seconds}`)
          .join(", "),
        ratelimit: left.map((one) => `"${one.name}";r=${one.remaining};t=${one.reset_seconds}`).join(", "),
      }

/** For tests: an isolate that knows nothing. */
export function forgetLeases(): void {
  for (const cache of [leases, local, resting]) cache.clear()
  asking.clear()
}
