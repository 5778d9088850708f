import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { Db } from "#worker/db/commit"
import * as aliases from "#worker/db/model-aliases"

const lifeMs = 5_000
const mostTenants = 1_000

/** The aliases of each tenant by name. Remembered for 5 s an isolate: most calls name one, and few tenants have many. */
const known = new BoundedCache<TenantId, ReadonlyMap<string, aliases.AliasRow>>(mostTenants)

export async function aliasNamed(
  { tenant, db, now }: { tenant: { id: TenantId }; db: Db; now: number },
  name: string | undefined,
): Promise<aliases.AliasRow | undefined> {
  if (name === undefined) return undefined
  const kept = known.get(tenant.id, now)
  if (kept) return kept.get(name)
  const read = new Map((await aliases.all(db)).map((row) => [row.name, row]))
  known.set(tenant.id, read, now + lifeMs)
  return read.get(name)
}

/** Called by every verb that changes an alias. */
export const forgetAliases = (tenant: TenantId): void => known.delete(tenant)
