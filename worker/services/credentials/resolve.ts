import type { CredentialConfig, CredentialKind } from "#core/contract/credentials"
import { CredentialId, type TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { Db } from "#worker/db/commit"
import * as credentials from "#worker/db/credentials"
import { openSecret, type VaultSettings } from "#worker/services/vault"
import { secretPlace } from "./shape.ts"

/** A credential with its secret in the open, in memory only. */
export type ResolvedCredential = {
  name: string
  kind: CredentialKind
  config: CredentialConfig
  secret: string
  allowed_hosts: readonly string[]
}

type Asking = { now: number; tenant: { id: TenantId }; db(): Promise<Db>; control(): Promise<Db> }

const lifeMs = 5_000
const mostTenants = 1_000

const known = new Map<TenantId, BoundedCache<string, ResolvedCredential>>()

/**
 * The credential that a step names; undefined when there is none, or it is turned off. Remembered for 5 s an isolate, so one
 * that is revoked is soon forgotten everywhere.
 */
export async function resolveCredential(
  asking: Asking,
  settings: VaultSettings,
  named: string,
): Promise<ResolvedCredential | undefined> {
  const { tenant, now } = asking
  const kept = known.get(tenant.id)?.get(named, now)
  if (kept) return kept
  const id = CredentialId.safeParse(named).data
  const row = id === undefined ? undefined : await credentials.byId(await asking.db(), id)
  if (!row?.is_active) return undefined
  const { name, kind, config, allowed_hosts } = row
  const secret = await openSecret(asking, settings, secretPlace(tenant.id, row.id), row.secret)
  const resolved = { name, kind, config, secret, allowed_hosts }
  const cache = known.get(tenant.id) ?? new BoundedCache(100)
  if (known.size >= mostTenants) known.clear()
  known.set(tenant.id, cache)
  cache.set(named, resolved, now + lifeMs)
  return resolved
}

/** Called by every verb that changes a credential. */
export const forgetCredentials = (tenant: TenantId): boolean => known.delete(tenant)
