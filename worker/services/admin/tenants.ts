import type { AdminMember, adminApi, AdminTenant, TenantUsage } from "#core/contract/admin"
import { pageInfo, type BodyOf, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { TenantId } from "#core/ids"
import { erasedAt } from "#core/tenant"
import { audit } from "#worker/audit/record"
import { isoTime, type Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { commit, type Db } from "#worker/db/commit"
import { stateOf } from "#worker/db/identities"
import { tenantDb } from "#worker/db/tenant"
import { usageOf } from "#worker/db/usage"
import type { Env } from "#worker/env"
import { afterChange, beforeDeletion } from "#worker/services/tenants/state"
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
    tenants: await atMost(5, rows, async (row) => shown(row, await usage(env, row.slot, ctx.now))),
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

const isLeaving = (status: AdminTenant["status"]): boolean => status === "deleted" || status === "erasing"

const shown = (
  { status_by: by, status_by_name: name, status_by_email: email, ...row }: admin.TenantRow,
  used: TenantUsage | null,
): AdminTenant => ({
  ...row,
  status_by: by === null || name === null || email === null ? null : { id: by, name, email },
  erased_at: isLeaving(row.status) && row.status_at !== null ? erasedAt(row.status_at) : null,
  usage: used,
})

/** One tenant, with its members. */
export async function readTenant(ctx: Ctx, env: Env, id: TenantId): Promise<One> {
  platformAdmin(ctx)
  const control = await ctx.control()
  const row = await known(control, id)
  const [members, used] = await Promise.all([admin.members(control, id), usage(env, row.slot, ctx.now)])
  return { tenant: shown(row, used), members }
}

async function known(control: Db, id: TenantId): Promise<admin.TenantRow> {
  const row = await admin.tenant(control, id)
  if (row) return row
  throw new Failure((await stateOf(control, id)) ? "tenant.erased" : "tenant.not_found")
}

const actions = { active: "tenant.activate", suspended: "tenant.suspend", deleted: "tenant.delete" } as const

/**
 * Suspends a tenant, deletes it or lets it go on; saying what is so already changes nothing. Nobody deletes the one that their own
 * session is in: they would be signed out of the panel by it.
 */
export async function updateTenant(
  ctx: Ctx,
  env: Env,
  id: TenantId,
  { status, reason, confirm }: BodyOf<typeof adminApi.updateTenant>,
): Promise<One> {
  const by = platformAdmin(ctx)
  const control = await ctx.control()
  const was = await known(control, id)
  if (was.status === "erasing") throw new Failure("tenant.erased")
  if (status === "deleted") {
    if (id === ctx.tenant.id) throw new Failure("tenant.own")
    await beforeDeletion(env, was, confirm)
  }
  if (was.status !== status) {
    await commit(
      { db: control },
      undefined,
      admin.setStatus(control, id, was.status, { status, reason, by, at: isoTime(ctx.now) }),
      audit({ ...ctx, tenant: { id } }, was.status === "deleted" ? "tenant.restore" : actions[status], {
        target: id,
        before: { status: was.status },
        after: { status, reason },
      }),
    )
    afterChange(env, ctx, was, status)
  }
  return readTenant(ctx, env, id)
}
