import type { Capability } from "#core/access/capabilities"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"

/**
 * Tells the audit log that somebody is about to have credentials sent with this capability, outside of an execution. Beforehand, so that nothing is sent
 * that the log does not know of; the receipt of an idempotent request stays with the verb's own commit.
 */
export async function tellUse(
  ctx: Ctx,
  capability: Capability,
  ids: readonly string[],
  after: object,
): Promise<void> {
  allow(ctx.actor, capability)
  const [first, ...rest] = ids.map((target) => audit(ctx, "credential.use", { target, after }, true))
  if (first) await commit({ db: ctx.db }, undefined, first, ...rest)
}
