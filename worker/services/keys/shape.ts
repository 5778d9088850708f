import type { ApiKey } from "#core/contract/api-keys"
import type { ApiKeyRow } from "#worker/db/api-keys"

/** An API key as the contract shows it: everything but the secret. */
export const keyOf = (row: ApiKeyRow): ApiKey => {
  const { id, name, hint, scopes, restrictions, created_by, created_at, expires_at, used_at } = row
  return { id, name, hint, scopes, restrictions, created_by, created_at, expires_at, used_at }
}
