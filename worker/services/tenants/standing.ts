import { Failure, failures } from "#core/errors"
import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { BaseCtx } from "#worker/context"
import * as identities from "#worker/db/identities"

const lifeMs = 5_000
const mostTenants = 10_000

type Asking = Pick<BaseCtx, "now" | "control">
type Standing = "open" | "suspended" | "gone"

/** How a tenant stands, as an isolate remembers it: asked of the control database at most every 5 s. */
const known = new BoundedCache<TenantId, Standing>(mostTenants)

/** At once where it is remembered: the way of every step of an execution leads by here. */
function standingOf(ctx: Asking, id: TenantId): Standing | Promise<Standing> {
  return known.get(id, ctx.now) ?? look(ctx, id)
}

async function look(ctx: Asking, id: TenantId): Promise<Standing> {
  const status = (await identities.stateOf(await ctx.control(), id))?.status
  const is =
    status === undefined || status === "active" ? "open" : status === "suspended" ? "suspended" : "gone"
  known.set(id, is, ctx.now + lifeMs)
  return is
}

/** Whether nothing may be changed or begun in a tenant, since it is suspended or was deleted. */
export function isHeld(ctx: Asking, id: TenantId): boolean | Promise<boolean> {
  const standing = standingOf(ctx, id)
  return typeof standing === "string" ? standing !== "open" : standing.then((one) => one !== "open")
}

/** Refuses what would change something in a tenant that is suspended or deleted, or begin something there. */
export async function assertActive(ctx: Asking, id: TenantId): Promise<void> {
  const standing = await standingOf(ctx, id)
  if (standing === "suspended") throw suspended()
  if (standing === "gone")
    throw new Failure("tenant.deleted", { detail: "Ask whoever runs this installation to restore it." })
}

const suspended = (): Failure =>
  new Failure("tenant.suspended", {
    detail:
      "This workspace is suspended: everything in it can be read, and nothing changed or started. Ask whoever runs this installation.",
  })

/** The same to a stranger, who was given an address of the tenant's and reads nothing there. */
export const closedForNow = (): Failure =>
  new Failure("tenant.suspended", {
    detail:
      "This workspace is suspended and takes nothing for now. Come back later, or ask whoever gave you this address.",
  })

/** Whether the same may succeed later: the trouble passes, or the tenant is suspended and goes on one day. */
export const isPassing = ({ code }: Failure): boolean => failures[code].retry || code === "tenant.suspended"

/** After a change of a tenant's state: this isolate asks anew at once, every other one within 5 s. */
export const forgetStanding = (id: TenantId): void => known.delete(id)
