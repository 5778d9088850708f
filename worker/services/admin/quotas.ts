import { actorId } from "#core/access/roles"
import type { Quota, QuotaLimits } from "#core/contract/quotas"
import { Failure, found } from "#core/errors"
import type { Quotas } from "#core/governor/quota"
import type { TenantId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { commit } from "#worker/db/commit"
import * as quotas from "#worker/db/quotas"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { forgetQuotas } from "#worker/services/quotas/limits"
import { readQuotas, type QuotaSite } from "#worker/services/quotas/read"
import { forgetRoom } from "#worker/services/quotas/storage"
import { platformAdmin } from "./platform.ts"

/** What a tenant may have, and how much of it is used. */
export async function readTenantQuotas(ctx: Ctx, env: Env, id: TenantId): Promise<{ quotas: Quota[] }> {
  platformAdmin(ctx)
  return readQuotas(env, await siteOf(ctx, env, id))
}

/** Sets a tenant's limits, in its own database and its own audit log. */
export async function setTenantQuotas(
  ctx: Ctx,
  env: Env,
  id: TenantId,
  body: QuotaLimits,
): Promise<{ quotas: Quota[] }> {
  platformAdmin(ctx)
  const site = await siteOf(ctx, env, id)
  const before = await quotas.limits(site.db)
  const after: Partial<Quotas> = Object.fromEntries(
    Object.entries(body).filter(([, most]) => most !== undefined),
  )
  const by = { updated_by: actorId(ctx.actor), updated_at: isoTime(ctx.now) }
  // What is not set any more is only deleted, so the entry cannot follow a row.
  const entry = audit({ ...ctx, tenant: site.tenant }, "tenant.quotas", { target: id, before, after }, true)
  const [first, ...rest] = quotas.replace(site.db, after, by)
  await commit(site, undefined, first, ...rest, entry)
  forgetQuotas(id)
  forgetRoom(id)
  return readQuotas(env, site)
}

async function siteOf(ctx: Ctx, env: Env, id: TenantId): Promise<QuotaSite> {
  const { slot, status } = found(await admin.tenant(await ctx.control(), id), "tenant.not_found")
  // Its objects are being emptied, and nothing shall be written into them again.
  if (status === "erasing") throw new Failure("tenant.erased")
  return { tenant: { id, slot }, db: await tenantDb(env, slot), now: ctx.now }
}
