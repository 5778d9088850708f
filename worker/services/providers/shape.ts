import type { Provider } from "#core/contract/llm-providers"
import { providerTypes } from "#core/llm/provider-types"
import { Failure, type InputFault } from "#core/errors"
import { checkUrl } from "#worker/egress/check"
import { EgressRefused } from "#worker/egress/refused"
import type { ProviderRow } from "#worker/db/llm-providers"
import type { Place } from "#worker/secrets/vault"

/** A provider as the contract shows it: whether it has credentials, never which. */
export const providerOf = (row: ProviderRow): Provider => {
  const { id, name, provider_type, config, is_active, is_default, version, created_at, updated_at } = row
  const api_credentials =
    row.hint === null ? { set: row.credentials !== null } : { set: true, hint: row.hint }
  return {
    id,
    name,
    provider_type,
    api_credentials,
    config,
    is_active,
    is_default,
    version,
    created_at,
    updated_at,
  }
}

/** Where a provider's API key lies, which its ciphertext is bound to. */
export const credentialsPlace = (tenant: string, row: string): Place => ({
  tenant,
  table: "llm_providers",
  row,
  field: "api_key",
  version: 1,
})

/** What must be true of a provider as a whole, beyond the shape of its fields. */
export function assertWhole(row: ProviderRow, egressAllow: readonly string[]): void {
  const errors: InputFault[] = []
  const { base_url } = row.config
  if (row.provider_type === "openai_compatible" && base_url === undefined) {
    errors.push({
      path: "config.base_url",
      message: "Enter the address of the endpoint, such as https://api.example.com/v1",
    })
  }
  if (row.provider_type === "workers_ai" && row.config.account_id === undefined) {
    errors.push({ path: "config.account_id", message: "Enter the id of your Cloudflare account" })
  }
  if (base_url !== undefined) errors.push(...addressFaults(base_url, egressAllow))
  if (row.is_default && !row.is_active) {
    errors.push({
      path: "is_active",
      message: "The default provider must be active. Choose another default first",
    })
  }
  if (errors.length > 0) throw new Failure("request.invalid", { errors })
  if (providerTypes[row.provider_type].keyed && row.credentials === null) {
    throw new Failure("provider.no_credentials", {
      errors: [{ path: "api_credentials.api_key", message: "Enter the API key" }],
    })
  }
}

/** The same judge that stands before every call, so that a wrong address is told here and not at the first execution. */
function addressFaults(base_url: string, allow: readonly string[]): InputFault[] {
  try {
    checkUrl(base_url, { allow })
    return []
  } catch (error) {
    if (!(error instanceof EgressRefused)) throw error
    return [{ path: "config.base_url", message: error.message }]
  }
}
