import type { SsoConnection } from "#core/contract/sso"
import type { SsoRow } from "#worker/db/sso"
import type { Place } from "#worker/secrets/vault"

export const secretPlace = (tenant: string): Place => ({
  tenant,
  table: "sso_connections",
  row: tenant,
  field: "client_secret",
  version: 1,
})

/** Where a provider leads back to. */
export const redirectUri = (origin: string): string => `${origin}/sso`

/** A connection as the contract shows it: everything but the secret. */
export const shown = (row: SsoRow, origin: string): SsoConnection => ({
  issuer: row.issuer,
  client_id: row.client_id,
  client_secret: row.client_secret === null ? null : { set: true, hint: row.hint },
  domains: row.domains,
  is_active: row.is_active,
  redirect_uri: redirectUri(origin),
  updated_at: row.updated_at,
  version: row.version,
})
