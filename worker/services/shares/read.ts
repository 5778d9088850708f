import type { Role } from "#core/access/roles"
import type { SharingReply } from "#core/contract/shares"
import type { UserId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as identities from "#worker/db/identities"
import * as shares from "#worker/db/shares"
import { makerOf, personOf } from "./resource.ts"

/** The people of a tenant by id, those who were removed not among them. */
export type People = ReadonlyMap<string, { id: UserId; name: string; role: Role }>

/** With whom a flow, a crew or an agent is shared, and with whom it can be. */
export async function readShares(ctx: Ctx, id: shares.ResourceId): Promise<SharingReply> {
  allow(ctx.actor, id.startsWith("flow_") ? "flow.edit" : "agent.edit")
  const maker = await makerOf(ctx, id)
  const [row, people] = await Promise.all([shares.byResource(ctx.db, id), peopleOf(ctx)])
  return shown(row, row ? row.owner_id : await personOf(ctx, maker), people)
}

export async function peopleOf(ctx: Ctx): Promise<People> {
  const members = await identities.membersOf(await ctx.control(), ctx.tenant.id)
  const here = members.filter(({ status }) => status !== "removed")
  return new Map(here.map(({ id, name, email, role }) => [id, { id, name: name || email, role }]))
}

export function shown(
  row: shares.SharingRow | undefined,
  owner: UserId | null,
  people: People,
): SharingReply {
  const levels = Object.entries(row?.shares ?? {})
  const known = levels.flatMap(([id, level]) => {
    const user = people.get(id)
    return user ? [{ user, level }] : []
  })
  const holder = owner === null ? undefined : people.get(owner)
  const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name)
  return {
    sharing: {
      access: row?.access ?? "role",
      owner: holder ? { id: holder.id, name: holder.name } : null,
      shares: known.toSorted((one, other) => byName(one.user, other.user)),
      version: row?.access_version ?? 0,
      updated_at: row?.shared_at ?? null,
    },
    people: [...people.values()].filter(({ id }) => id !== owner).toSorted(byName),
  }
}
