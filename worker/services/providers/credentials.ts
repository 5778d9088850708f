import type { ProviderId } from "#core/ids"
import type { Settings } from "#worker/env"
import { hintOf, openSecret, sealSecret, type Keeper } from "#worker/services/vault"
import { credentialsPlace } from "./shape.ts"

export type ProviderSettings = Pick<Settings, "SECRETS_KEK" | "EGRESS_ALLOW">

/** An API key as it is stored: sealed for this row of this tenant, with the hint that people recognise it by. */
export async function sealKey(keeper: Keeper, settings: ProviderSettings, id: ProviderId, secret: string) {
  const place = credentialsPlace(keeper.tenant.id, id)
  return { credentials: await sealSecret(keeper, settings, place, secret), hint: hintOf(secret) }
}

/** The API key that was sealed for this row. */
export const openKey = (keeper: Keeper, settings: ProviderSettings, id: ProviderId, sealed: string) =>
  openSecret(keeper, settings, credentialsPlace(keeper.tenant.id, id), sealed)
