import type { Settings } from "#worker/env"
import { openVault, type Vault } from "#worker/secrets/vault"

type Keyed = Pick<Settings, "SECRETS_KEK">

const opened = new WeakMap<Keyed, Vault>()

/** The vault of this installation, opened once an isolate. */
export function vaultOf(settings: Keyed): Vault {
  const vault = opened.get(settings) ?? openVault(settings.SECRETS_KEK)
  opened.set(settings, vault)
  return vault
}
