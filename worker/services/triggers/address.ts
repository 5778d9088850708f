import type { TenantId, TriggerId } from "#core/ids"
import { found } from "#core/errors"
import type { BaseCtx } from "#worker/context"
import { BoundedCache } from "#worker/cache"
import * as identities from "#worker/db/identities"
import type { TriggerRow } from "#worker/db/triggers"
import { base64url, digestOf, keyedDigest } from "#worker/digest"
import type { Settings } from "#worker/env"

export type AddressSettings = Pick<Settings, "PEPPER">

/**
 * The unguessable end of a public address, 256 bits. It is made of the installation's pepper and kept as a digest only: the
 * database gives no address away, and who may change the trigger can still be shown it.
 */
export const tokenOf = (
  { PEPPER }: AddressSettings,
  tenant: TenantId,
  id: TriggerId,
  number: number,
): string => base64url(keyedDigest(PEPPER, `trigger address:${tenant}:${id}:${number}`))

const slugs = new BoundedCache<TenantId, string>(1_000)
const slugLifeMs = 60_000

/** The name that a tenant has in addresses. */
export async function slugOf(ctx: Pick<BaseCtx, "control" | "now">, tenant: TenantId): Promise<string> {
  const known = slugs.get(tenant, ctx.now)
  if (known !== undefined) return known
  const { slug } = found(await identities.tenantById(await ctx.control(), tenant), "tenant.not_found")
  slugs.set(tenant, slug, ctx.now + slugLifeMs)
  return slug
}

/** The path of a trigger's public address; null when it has none, or the installation's pepper is another than it was made with. */
export function addressOf(
  settings: AddressSettings,
  tenant: { id: TenantId; slug: string },
  row: TriggerRow,
): string | null {
  if (row.token_digest === null) return null
  const token = tokenOf(settings, tenant.id, row.id, row.token_number)
  if (digestOf(token) !== row.token_digest) return null
  return row.kind === "form" ? `/form/${tenant.slug}.${token}` : `/hooks/${tenant.slug}/${token}`
}

/** A form's token names its tenant too: `acme.…`. */
export function partsOfFormToken(token: string): { slug: string; token: string } | undefined {
  const parts = /^([a-z0-9-]{1,63})\.([A-Za-z0-9_-]{20,100})$/.exec(token)
  return parts?.[1] && parts[2] ? { slug: parts[1], token: parts[2] } : undefined
}
