import { newId, type TenantId } from "#core/ids"
import { sealingOf } from "#worker/audit/sealing"
import { BoundedCache } from "#worker/cache"
import { randomBytes, type BaseCtx } from "#worker/context"
import * as identities from "#worker/db/identities"
import { controlDb, tenantDb } from "#worker/db/tenant"
import * as triggers from "#worker/db/triggers"
import type { TriggerRow } from "#worker/db/triggers"
import { digestOf } from "#worker/digest"
import type { Env } from "#worker/env"
import { closedForNow } from "#worker/services/tenants/standing"
import type { Site } from "./fire.ts"

type Tenant = { id: TenantId; slot: string; name: string; isSuspended: boolean }

const tenants = new BoundedCache<string, Tenant>(1_000)
const lifeMs = 5_000

async function tenantOf(base: BaseCtx, slug: string): Promise<Tenant | undefined> {
  const known = tenants.get(slug, base.now)
  if (known) return known
  const tenant = await identities.tenantBySlug(await base.control(), slug)
  if (!tenant) return undefined
  const { id, slot, name, status } = tenant
  const found = { id, slot, name, isSuspended: status === "suspended" }
  tenants.set(slug, found, base.now + lifeMs)
  return found
}

/** After a change of a tenant's state: this isolate asks anew at once, every other one within 5 s. */
export const forgetSite = (slug: string): void => tenants.delete(slug)

export type Found = { site: Site; row: TriggerRow; tenant_name: string }

/** The trigger behind a public address. The token is looked for by its digest, in its tenant's database only. */
export async function siteAt(
  env: Env,
  base: BaseCtx,
  kind: "webhook" | "form",
  slug: string,
  token: string,
): Promise<Found | undefined> {
  const tenant = await tenantOf(base, slug)
  if (!tenant) return undefined
  const db = await tenantDb(env, tenant.slot)
  const row = await triggers.byToken(db, kind, digestOf(token))
  const { id, slot, name, isSuspended } = tenant
  // Told to those alone who know an address that is one.
  if (row && isSuspended) throw closedForNow()
  return row && { site: { ...base, tenant: { id, slot }, db }, row, tenant_name: name }
}

/** Where nobody asks: an object's own doing inside its tenant. */
export async function siteOf(env: Env, { id, slot }: Site["tenant"]): Promise<Site> {
  const now = Date.now()
  return {
    requestId: newId("req", now, randomBytes),
    now,
    chance: randomBytes,
    control: () => controlDb(env),
    after: (work) => void work,
    sealing: sealingOf(env, (work) => void work),
    tenant: { id, slot },
    db: await tenantDb(env, slot),
  }
}
