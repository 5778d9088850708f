import type { Provider } from "#core/contract/llm-providers"
import { ModelFailure } from "#core/llm/failure"
import type { ProviderId, TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { Db } from "#worker/db/commit"
import * as providers from "#worker/db/llm-providers"
import { openKey, type ProviderSettings } from "./credentials.ts"

/** A provider as the gateway needs it: with its API key in the open, in memory only. */
export type ResolvedProvider = {
  id: ProviderId
  provider_type: Provider["provider_type"]
  config: Provider["config"]
  api_key: string | undefined
}

type Asking = { now: number; tenant: { id: TenantId }; db: Db; control(): Promise<Db> }

const lifeMs = 5_000

const known = new Map<TenantId, BoundedCache<string, ResolvedProvider>>()
const mostTenants = 1_000

/** The provider that a node names, or the tenant's default. Remembered for 5 s an isolate, so a rotated key is soon forgotten. */
export async function resolveProvider(
  asking: Asking,
  settings: ProviderSettings,
  id: ProviderId | undefined,
): Promise<ResolvedProvider> {
  const kept = known.get(asking.tenant.id)?.get(id ?? "default", asking.now)
  if (kept) return kept
  const row = id === undefined ? await providers.theDefault(asking.db) : await providers.byId(asking.db, id)
  if (!row) {
    const message =
      id === undefined ? "There is no default provider." : "The provider that this node names does not exist."
    throw new ModelFailure("model.not_found", { message })
  }
  if (!row.is_active)
    throw new ModelFailure("model.not_found", { message: `The provider ${row.name} is switched off.` })
  const resolved = await openRow(asking, settings, row)
  keep(asking, id ?? "default", resolved)
  return resolved
}

/** A provider with its key, whether or not it is active. */
export async function openRow(
  asking: Pick<Asking, "tenant" | "control">,
  settings: ProviderSettings,
  row: providers.ProviderRow,
): Promise<ResolvedProvider> {
  const { id, provider_type, config, credentials } = row
  const api_key = credentials === null ? undefined : await openKey(asking, settings, id, credentials)
  return { id, provider_type, config, api_key }
}

function keep({ tenant, now }: Asking, key: string, resolved: ResolvedProvider): void {
  const cache = known.get(tenant.id) ?? new BoundedCache(100)
  if (known.size >= mostTenants) known.clear()
  known.set(tenant.id, cache)
  cache.set(key, resolved, now + lifeMs)
}

/** Called by every verb that changes a provider. */
export const forgetProviders = (tenant: TenantId): boolean => known.delete(tenant)
