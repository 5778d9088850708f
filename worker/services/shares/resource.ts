import type { Actor } from "#core/access/roles"
import { found } from "#core/errors"
import { AgentId, CrewId, UserId, type FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as apiKeys from "#worker/db/api-keys"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import type { ResourceId } from "#worker/db/shares"
import { missing } from "./reach.ts"

/** Who made a thing that is here and that the caller may see: `user_…`, `key_…` or another actor. */
export async function makerOf(ctx: Ctx, id: ResourceId): Promise<string> {
  const row = isCrew(id)
    ? await crews.byId(ctx.db, id)
    : isAgent(id)
      ? await agents.byId(ctx.db, id)
      : await flows.byId(ctx.db, id satisfies FlowId)
  return found(row, missing(id)).created_by
}

/** The person behind a maker; nobody where the installation made it. */
export async function personOf(ctx: Ctx, maker: string): Promise<UserId | null> {
  const user = UserId.safeParse(maker)
  if (user.success) return user.data
  if (!maker.startsWith("key_")) return null
  return (
    (await apiKeys.ownerOf(await ctx.control(), maker as Extract<Actor, { is: "api_key" }>["id"])) ?? null
  )
}

const isCrew = (id: ResourceId): id is CrewId => CrewId.safeParse(id).success
const isAgent = (id: ResourceId): id is AgentId => AgentId.safeParse(id).success
