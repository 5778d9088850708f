import { Failure } from "#core/errors"
import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { BaseCtx } from "#worker/context"
import * as identities from "#worker/db/identities"

const lifeMs = 5_000
const mostTenants = 10_000

/** Whether a tenant is suspended, as an isolate remembers it: asked of the control database at most every 5 s. */
const known = new BoundedCache<TenantId, boolean>(mostTenants)

/** At once where it is remembered: the way of every step of an execution leads by here. */
export function isSuspended(ctx: Pick<BaseCtx, "now" | "control">, id: TenantId): boolean | Promise<boolean> {
  return known.get(id, ctx.now) ?? look(ctx, id)
}

async function look(ctx: Pick<BaseCtx, "now" | "control">, id: TenantId): Promise<boolean> {
  const tenant = await identities.tenantById(await ctx.control(), id)
  const is = tenant?.status === "suspended"
  known.set(id, is, ctx.now + lifeMs)
  return is
}

/** Refuses what would change something in a tenant that is suspended, or begin something there. */
export async function assertActive(ctx: Pick<BaseCtx, "now" | "control">, id: TenantId): Promise<void> {
  if (await isSuspended(ctx, id)) throw suspended()
}

export const suspended = (): Failure =>
  new Failure("tenant.suspended", {
    detail:
      "This workspace is suspended: everything in it can be read, and nothing changed or started. Ask whoever runs this installation.",
  })

/** After a change of a tenant's state: this isolate asks anew at once, every other one within 5 s. */
export const forgetStanding = (id: TenantId): void => known.delete(id)
