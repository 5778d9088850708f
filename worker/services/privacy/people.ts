import type { ReplyOf } from "#core/contract/endpoint"
import type { privacyApi } from "#core/contract/privacy"
import { allow, type Ctx } from "#worker/context"
import * as identities from "#worker/db/identities"

/** The members by their names, for those who export or erase data in their stead. */
export async function listPeople(ctx: Ctx): Promise<ReplyOf<typeof privacyApi.people>> {
  allow(ctx.actor, "user.edit")
  const members = await identities.membersOf(await ctx.control(), ctx.tenant.id)
  const people = members.map(({ id, name, email, status }) => ({
    id,
    name: name || email,
    email,
    is_active: status === "active",
  }))
  return { people: people.toSorted((one, other) => one.name.localeCompare(other.name)) }
}
