import { Failure } from "#core/errors"
import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { Sealing } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { within } from "#worker/patience"
import { ask, sealerStub } from "#worker/stubs"

/** An isolate's leases, by the binding that they came from: until when entries may be written. */
const leases = new WeakMap<Env["SEALER"], BoundedCache<TenantId, true>>()

const leasesOf = (env: Env): BoundedCache<TenantId, true> => {
  const known = leases.get(env.SEALER) ?? new BoundedCache<TenantId, true>(10_000)
  leases.set(env.SEALER, known)
  return known
}

/**
 * The way to the sealers. Whoever is about to write entries needs a lease, which an isolate keeps for two seconds and every
 * written entry renews behind its answer: most mutations wait for nothing, and none is made while the sealer cannot be had.
 */
export function sealingOf(env: Env, after: (work: Promise<unknown>) => void): Sealing {
  return {
    async ready(tenant) {
      if (leasesOf(env).get(tenant, Date.now())) return
      try {
        await lease(env, tenant, false)
      } catch (error) {
        console.error(
          JSON.stringify({ level: "error", event: "audit.unavailable", tenant, error: String(error) }),
        )
        throw new Failure("audit.unavailable", { retryAfterSeconds: 2 })
      }
    },
    written: (tenant) => after(tell(env, tenant)),
  }
}

/** Nobody waits for it, and nothing hangs on it: the sealer looks for itself behind the end of a lease. */
async function tell(env: Env, tenant: TenantId): Promise<void> {
  try {
    await lease(env, tenant, true)
  } catch (error) {
    leasesOf(env).delete(tenant)
    console.warn(JSON.stringify({ level: "warn", event: "audit.untold", tenant, error: String(error) }))
  }
}

async function lease(env: Env, tenant: TenantId, isWritten: boolean): Promise<void> {
  const from = Date.now()
  const { forMs } = await within(ask(sealerStub(env, tenant).lease(tenant, isWritten)), "sealer")
  // Counted from before the question, by our own clock: the sealer's may differ.
  leasesOf(env).set(tenant, true, from + forMs)
}
