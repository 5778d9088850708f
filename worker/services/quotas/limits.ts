import { quotaNames, usualQuotas, type Quotas } from "#core/governor/quota"
import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { Db } from "#worker/db/commit"
import * as quotas from "#worker/db/quotas"
import { settingsOf, type Env, type Settings } from "#worker/env"

/** How long an isolate goes by the limits that it has read. */
const lifeMs = 5_000
const known = new BoundedCache<TenantId, Quotas>(1_000)

/** What holds for a tenant for which nothing is set: as the product has it, or as QUOTAS says; 0 there switches a limit off. */
export function usualIn({ QUOTAS }: Pick<Settings, "QUOTAS">): Quotas {
  const usual = { ...usualQuotas }
  for (const name of quotaNames) {
    const set = QUOTAS[name]
    if (set !== undefined) usual[name] = set > 0 ? Math.floor(set) : null
  }
  return usual
}

/** A tenant's limits, as they were a few seconds ago at most. */
export async function quotasOf(env: Env, tenant: { id: TenantId }, db: Db): Promise<Quotas> {
  const now = Date.now()
  const kept = known.get(tenant.id, now)
  if (kept) return kept
  const limits = { ...usualIn(settingsOf(env)), ...(await quotas.limits(db)) }
  known.set(tenant.id, limits, now + lifeMs)
  return limits
}

export const forgetQuotas = (tenant: TenantId): void => known.delete(tenant)
