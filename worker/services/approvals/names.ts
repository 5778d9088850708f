import { actorId } from "#core/access/roles"
import type { Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import * as identities from "#worker/db/identities"

/**
 * The names by which the caller may be asked: a person's id and email address. An API key is asked as the person it belongs to: it
 * answers what its owner may answer, and what is asked of nobody in particular.
 */
export async function namesOf(ctx: Ctx): Promise<string[]> {
  const { actor } = ctx
  if (actor.is !== "user" && actor.is !== "api_key") return [actorId(actor)]
  const db = await ctx.control()
  const id = actor.is === "user" ? actor.id : await apiKeys.ownerOf(db, actor.id)
  const person = id && (await identities.byId(db, id))
  return person ? [person.id, person.email] : []
}
