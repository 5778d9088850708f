import { Failure, found } from "#core/errors"
import type { UserId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"

/** The person on whose rights the caller acts: a key acts on its owner's, and never past them. */
export async function ownerOf(ctx: Pick<Ctx, "actor" | "control">): Promise<UserId> {
  const { actor } = ctx
  if (actor.is === "user") return actor.id
  if (actor.is === "api_key")
    return found(await apiKeys.ownerOf(await ctx.control(), actor.id), "auth.invalid")
  throw new Failure("access.denied")
}
