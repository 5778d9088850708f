import { isBound } from "#core/access/shares"
import { isCapability } from "#core/access/capabilities"
import { can } from "#core/access/roles"
import type { Endpoint } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { Ctx } from "#worker/context"
import * as shares from "#worker/db/shares"

/** Parameters that name what is shared, or what belongs to it. */
const named = ["flow_id", "crew_id", "agent_id", "execution_id", "chat_id", "trigger_id"]

/**
 * Puts the shares of one thing between a caller and their role. Whoever is bound by shares reads the tenant's database with their own
 * eyes, in which what is hidden from them is not there: it answers like an id that nobody has. Where the address names something that
 * is shared with them, the caller comes as far with it as that says. One look by key; none for admins, nor for addresses that name nothing.
 */
export async function withinReach<C extends Ctx>(
  ctx: C,
  endpoint: Endpoint,
  params: Readonly<Record<string, string>>,
): Promise<C> {
  const about = named.flatMap((name) => params[name] ?? [])[0]
  const asked = about === undefined ? ctx : { ...ctx, about }
  const { actor, person } = asked
  if ((actor.is !== "user" && actor.is !== "api_key") || person === undefined || !isBound(actor.role))
    return asked
  const db = shares.seenBy(asked.db, person)
  if (about === undefined) return { ...asked, db }
  const [standing = null] = await shares.standings(db, [{ user: person, about }])
  // What is hidden is for the verb to miss, in the very order in which it misses what is not there.
  if (standing === null || standing === "none") return { ...asked, db, standing }
  const bounded = { ...asked, db, standing, actor: { ...actor, within: standing } }
  assertWithinShare(bounded, endpoint)
  return bounded
}

function assertWithinShare({ actor }: Ctx, endpoint: Endpoint): void {
  const { needs } = endpoint
  if (!isCapability(needs) || can(actor, needs)) return
  throw new Failure("access.denied", {
    detail: "This is shared with you for less than that. Ask its owner or an admin of the workspace.",
    more: { needs },
  })
}
