import { actorId } from "#core/access/roles"
import type { BodyOf } from "#core/contract/endpoint"
import type { privacyApi } from "#core/contract/privacy"
import { newId, type HoldId } from "#core/ids"
import type { LegalHold } from "#core/privacy/hold"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as privacy from "#worker/db/privacy"

export async function listHolds(ctx: Ctx): Promise<{ holds: LegalHold[] }> {
  allow(ctx.actor, "workspace.edit")
  return { holds: await privacy.holds(ctx.db) }
}

/** Says that something must not be deleted. What is not here yet may be held as well: what comes of it is held from its beginning. */
export async function placeHold(
  ctx: Ctx,
  { target, reason }: BodyOf<typeof privacyApi.hold>,
): Promise<{ hold: LegalHold }> {
  allow(ctx.actor, "workspace.edit")
  const hold: LegalHold = {
    id: newId<HoldId>("hold", ctx.now, ctx.chance),
    target,
    reason,
    created_by: actorId(ctx.actor),
    created_at: isoTime(ctx.now),
  }
  return commit(
    ctx,
    { hold },
    privacy.insertHold(hold),
    audit(ctx, "privacy.hold", { target: hold.id, after: { target, reason } }),
  )
}

export async function liftHold(ctx: Ctx, id: HoldId): Promise<void> {
  allow(ctx.actor, "workspace.edit")
  return commit(
    ctx,
    undefined,
    privacy.liftHold(ctx.db, id, actorId(ctx.actor), isoTime(ctx.now)),
    audit(ctx, "privacy.lift", { target: id }),
  )
}
