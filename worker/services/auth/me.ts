import type { Capability } from "#core/access/capabilities"
import { capabilitiesOf } from "#core/access/roles"
import type { Me, User } from "#core/contract/auth"
import { Failure, found } from "#core/errors"
import type { TenantId, UserId } from "#core/ids"
import type { Ctx } from "#worker/context"
import { contactOf } from "./deleted.ts"
import { isConfined } from "./live.ts"
import type { Db } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as impersonations from "#worker/db/impersonations"

type Membership = Awaited<ReturnType<typeof identities.tenantsOf>>[number]

export const userOf = ({ id, email, name, preferences, created_at }: identities.Identity): User => ({
  id,
  email,
  name,
  preferences,
  created_at,
})

/** A membership as the person sees it: without where the tenant's data lies. */
export const shown = ({ id, name, slug, role }: Membership) => ({ id, name, slug, role })

/** The person behind a session; an API key has none. */
export function personOf({ actor }: Pick<Ctx, "actor">): UserId {
  if (actor.is !== "user")
    throw new Failure("access.denied", { detail: "This needs a signed-in person, not an API key." })
  return actor.id
}

/** Who is signed in, where, and what they may do. */
export async function getMe(ctx: Ctx): Promise<Me> {
  const user = personOf(ctx)
  const control = await ctx.control()
  const [identity, tenants, support, suspension] = await Promise.all([
    identities.byId(control, user),
    identities.tenantsOf(control, user),
    supportOf(ctx, control),
    suspensionOf(control, ctx.tenant.id),
  ])
  const isHere = await isConfined(ctx)
  const listed = tenants.map(shown).filter((one) => !isHere || one.id === ctx.tenant.id)
  const { role, ...tenant } = found(
    listed.find((one) => one.id === ctx.tenant.id),
    "tenant.not_found",
  )
  return {
    user: userOf(found(identity, "auth.invalid")),
    tenant,
    role,
    capabilities: capabilitiesOf(ctx.actor).filter((one) => !suspension || reads(one)),
    // Support sees the one workspace that it was let into.
    tenants: support ? listed.filter((one) => one.id === ctx.tenant.id) : listed,
    is_platform_admin: ctx.isPlatformAdmin ?? false,
    support,
    suspension,
  }
}

/** What is left to do in a suspended tenant, where everything but GET is refused. */
const reads = (one: Capability): boolean => one.endsWith(".read") || one === "audit.export"

async function suspensionOf(control: Db, id: TenantId): Promise<Me["suspension"]> {
  const tenant = await identities.tenantById(control, id)
  if (tenant?.status !== "suspended") return null
  const { status_reason: reason, status_at: since, status_by } = tenant
  return { reason, since, contact: await contactOf(control, status_by) }
}

/** Who acts in this person's name, if somebody does. */
async function supportOf({ actor, session }: Ctx, control: Db): Promise<Me["support"]> {
  if (actor.is !== "user" || !actor.support || !session) return null
  const { row, admin } = found(await impersonations.bySession(control, session), "auth.invalid")
  const { id, reason, may_write, expires_at } = row
  return { admin, impersonation_id: id, reason, may_write, expires_at }
}
