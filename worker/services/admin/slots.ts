import type { adminApi } from "#core/contract/admin"
import type { ReplyOf } from "#core/contract/endpoint"
import type { Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { tenantMigrations } from "#worker/db/migrations"
import { slotNames } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { platformAdmin } from "./platform.ts"

/** The databases for tenants. One that is no longer bound is shown as such, never as free. */
export async function listSlots(ctx: Ctx, env: Env): Promise<ReplyOf<typeof adminApi.slots>> {
  platformAdmin(ctx)
  const bound = new Set(slotNames(env))
  const newest = tenantMigrations.at(-1)!.id
  const slots = (await admin.slotRows(await ctx.control())).map(
    ({ name, tenant_id, tenant_name, tenant_status, tenant_status_at, claimed_at, migrated_to }) => ({
      name,
      tenant: tenant_id === null ? null : { id: tenant_id, name: tenant_name ?? "" },
      claimed_at,
      erased_at: tenant_status === "erased" ? tenant_status_at : null,
      migrated_to,
      is_current: migrated_to === null ? null : migrated_to === newest,
      is_bound: bound.has(name),
    }),
  )
  return {
    slots,
    free: slots.filter(({ tenant, is_bound }) => tenant === null && is_bound).length,
    total: slots.length,
  }
}
