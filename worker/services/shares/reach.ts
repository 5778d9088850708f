import { can } from "#core/access/roles"
import type { Capability } from "#core/access/capabilities"
import { Failure, type FailureCode } from "#core/errors"
import { allow, type Ctx } from "#worker/context"
import { standings } from "#worker/db/shares"

/** What a thing that is hidden answers: the same as one that was never there. */
export const missing = (id: string): FailureCode =>
  id.startsWith("agent_") ? "agent.not_found" : id.startsWith("crew_") ? "crew.not_found" : "flow.not_found"

/**
 * Whether the caller comes far enough with a flow, crew or agent that a verb is about to use, whoever named it. The address's own was
 * looked up with the request; another costs one look by key, and nothing where nobody is bound.
 */
export async function assertReach(ctx: Ctx, id: string, needs: Capability): Promise<void> {
  allow(ctx.actor, needs)
  const { viewer } = ctx.db
  if (!viewer || (ctx.actor.is !== "user" && ctx.actor.is !== "api_key")) return
  const known = ctx.about === id ? ctx.standing : undefined
  const [level] = known === undefined ? await standings(ctx.db, [{ user: viewer.user, about: id }]) : [known]
  if (level === "none") throw new Failure(missing(id))
  if (level && !can({ ...ctx.actor, within: level }, needs))
    throw new Failure("access.denied", {
      detail: "This is shared with you for less than that. Ask its owner or an admin of the workspace.",
      more: { needs },
    })
}
