import { found } from "#core/errors"
import { UserId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as apiKeys from "#worker/db/api-keys"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import type { ResourceId } from "#worker/db/shares"
import { missing } from "./reach.ts"

/** Who made a thing that is here and that the caller may see: `user_…`, `key_…` or another actor. */
export async function makerOf(ctx: Ctx, id: ResourceId): Promise<string> {
  const table = id.startsWith("crew_") ? crews : id.startsWith("agent_") ? agents : flows
  const row = await table.byId(ctx.db, id)
  return found(row, missing(id)).created_by
}

/** The person behind a maker; nobody where the installation made it. */
export async function personOf(ctx: Ctx, maker: string): Promise<UserId | null> {
  const user = UserId.safeParse(maker)
  if (user.success) return user.data
  if (!maker.startsWith("key_")) return null
  return (await apiKeys.ownerOf(await ctx.control(), maker)) ?? null
}
