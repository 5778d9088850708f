import { capabilitiesOf } from "#core/access/roles"
import type { Me, User } from "#core/contract/auth"
import { Failure, found } from "#core/errors"
import type { UserId } from "#core/ids"
import type { Ctx } from "#worker/context"
import { isConfined } from "./live.ts"
import * as identities from "#worker/db/identities"

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
  const [identity, tenants] = await Promise.all([
    identities.byId(control, user),
    identities.tenantsOf(control, user),
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
    capabilities: capabilitiesOf(ctx.actor),
    tenants: listed,
  }
}
