import type { AdminMember, adminApi, AdminTenant, TenantUsage } from "#core/contract/admin"
import { pageInfo, type BodyOf, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { TenantId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { commit } from "#worker/db/commit"
import { tenantDb } from "#worker/db/tenant"
import { usageOf } from "#worker/db/usage"
import type { Env } from "#worker/env"
import { personOf } from "#worker/services/auth/me"
import { forgetStanding } from "#worker/services/tenants/standing"
import { goOn } from "#worker/services/tenants/go-on"
import { atMost } from "./at-most.ts"
import { platformAdmin } from "./platform.ts"

type One = { tenant: AdminTenant; members: AdminMember[] }

/** A page of the tenants, each with what it uses. */
export async function listTenants(
  ctx: Ctx,
  env: Env,
  query: QueryOf<typeof adminApi.tenants>,
): Promise<ReplyOf<typeof adminApi.tenants>> {
  platformAdmin(ctx)
  const { rows, total } = await admin.tenantPage(await ctx.control(), query)
  return {
    tenants: await atMost(5, rows, async (row) => ({ ...row, usage: await usage(env, row.slot, ctx.now) })),
    total,
    page_info: pageInfo(query.page, query.limit, total),
  }
}

/** What a tenant uses; null when its database does not answer, which shall not hide the others. */
async function usage(env: Env, slot: string, now: number): Promise<TenantUsage | null> {
  try {
    return await usageOf(await tenantDb(env, slot), now)
  } catch {
    return null
  }
}

/** One tenant, with its members. */
export async function readTenant(ctx: Ctx, env: Env, id: TenantId): Promise<One> {
  platformAdmin(ctx)
  const control = await ctx.control()
  const row = found(await admin.tenant(control, id), "tenant.not_found")
  const [members, used] = await Promise.all([admin.members(control, id), usage(env, row.slot, ctx.now)])
  return { tenant: { ...row, usage: used }, members }
}

/** Suspends a tenant, or lets it go on; saying what is so already changes nothing. */
export async function updateTenant(
  ctx: Ctx,
  env: Env,
  id: TenantId,
  { status, reason }: BodyOf<typeof adminApi.updateTenant>,
): Promise<One> {
  platformAdmin(ctx)
  const control = await ctx.control()
  const was = found(await admin.tenant(control, id), "tenant.not_found")
  if (was.status !== status) {
    await commit(
      { db: control },
      undefined,
      admin.setStatus(control, id, status, { reason, by: personOf(ctx), at: isoTime(ctx.now) }),
      audit({ ...ctx, tenant: { id } }, status === "suspended" ? "tenant.suspend" : "tenant.activate", {
        target: id,
        before: { status: was.status },
        after: { status, reason },
      }),
    )
    forgetStanding(id)
    if (status === "active") ctx.after(goOn(env, id, was.slot))
  }
  return readTenant(ctx, env, id)
}
