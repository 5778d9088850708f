import { isBound } from "#core/access/shares"
import type { FlowPerson } from "#core/contract/canvas"
import { found } from "#core/errors"
import type { FlowId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import * as identities from "#worker/db/identities"
import { standings } from "#worker/db/shares"

/** The tenant's people by their names, as those who have a flow open see each other; whoever it is hidden from is not among them. */
export async function listPeople(ctx: Ctx, id: FlowId): Promise<{ people: FlowPerson[] }> {
  allow(ctx.actor, "flow.read")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  const members = await identities.membersOf(await ctx.control(), ctx.tenant.id)
  const levels = await standings(
    ctx.db,
    members.map(({ id: user }) => ({ user, about: id })),
  )
  const here = members.filter(({ role }, i) => !isBound(role) || levels[i] !== "none")
  const people = here.map(({ id: user, name, email, status }) => ({
    id: user,
    name: name || email,
    is_active: status === "active",
  }))
  return { people: people.toSorted((one, other) => one.name.localeCompare(other.name)) }
}
