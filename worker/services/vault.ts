import { found } from "#core/errors"
import type { Ctx } from "#worker/context"
import * as identities from "#worker/db/identities"
import type { Settings } from "#worker/env"
import { openVault, type Place, type Vault } from "#worker/secrets/vault"

export type VaultSettings = Pick<Settings, "SECRETS_KEK">

/** Whose secrets: what a verb's context says, and what an object knows of its tenant. */
export type Keeper = Pick<Ctx, "control"> & { tenant: Pick<Ctx["tenant"], "id"> }

const opened = new WeakMap<VaultSettings, Vault>()

/** The vault of this installation, opened once an isolate. */
export function vaultOf(settings: VaultSettings): Vault {
  const vault = opened.get(settings) ?? openVault(settings.SECRETS_KEK)
  opened.set(settings, vault)
  return vault
}

const dataKey = async ({ tenant, control }: Keeper): Promise<string> =>
  found(await identities.dataKeyOf(await control(), tenant.id), "tenant.not_found")

/** A tenant's secret as it is stored: it opens only where it was put. */
export const sealSecret = async (keeper: Keeper, settings: VaultSettings, place: Place, secret: string) =>
  vaultOf(settings).seal(await dataKey(keeper), place, secret)

/** The secret that was sealed for this place. */
export const openSecret = async (keeper: Keeper, settings: VaultSettings, place: Place, sealed: string) =>
  vaultOf(settings).open(await dataKey(keeper), place, sealed)

/** "…abcd", by which people recognise a secret; nothing of one that is too short to lose four characters. */
export const hintOf = (secret: string): string => `…${secret.length >= 12 ? secret.slice(-4) : ""}`
