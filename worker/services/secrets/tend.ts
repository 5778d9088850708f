import type { TenantId } from "#core/ids"
import type { Db } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { keysIn, withoutOld } from "#worker/secrets/vault"
import { vaultOf, type VaultSettings } from "#worker/services/vault"
import { resealAll } from "./reseal.ts"

type Site = { tenant: { id: TenantId }; db: Db; now: number; control: () => Promise<Db> }

/** Whoever took a key to seal something has put it down long before. */
const graceMs = 3_600_000

/** Nothing lies under an older key, as far as any can be read. */
async function nothingMoves(keeping: Parameters<typeof resealAll>[0]): Promise<boolean> {
  const { moved, unreadable } = await resealAll(keeping)
  return moved + unreadable === 0
}

/**
 * The tenant's round for its keys: they come under the installation's newest key, secrets that were sealed while the key changed
 * come under the tenant's newest, and old keys go once nothing lies under them. Where another was faster it is left to the next round.
 */
export async function tendKeys(site: Site, settings: VaultSettings): Promise<void> {
  const vault = vaultOf(settings)
  const control = await site.control()
  const { id } = site.tenant
  const was = await identities.dataKeyOf(control, id)
  if (was === undefined) return
  const ring = vault.isOutdated(was) ? await vault.rewrap(id, was) : was
  const isQuiet =
    keysIn(ring) > 1 && (await nothingMoves({ tenant: id, db: site.db, control, vault, ring: was }))
  const kept = isQuiet ? withoutOld(ring, site.now - graceMs) : ring
  if (kept === was) return
  await identities.swapDataKey(control, id, was, kept)
}
