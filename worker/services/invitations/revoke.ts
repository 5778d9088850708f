import { mayGrant } from "#core/access/grant"
import { Failure, found } from "#core/errors"
import type { InvitationId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as invitations from "#worker/db/invitations"

/** Withdraws an invitation; its link says so from now on. */
export async function revokeInvitation(ctx: Ctx, id: InvitationId): Promise<void> {
  allow(ctx.actor, "user.edit")
  const control = await ctx.control()
  const row = found(await invitations.byId(control, ctx.tenant.id, id), "invitation.not_found")
  if (!mayGrant(ctx.actor, row.role)) throw new Failure("member.beyond_you")
  await commit(
    { db: control },
    undefined,
    invitations.revoke(control, ctx.tenant.id, id, isoTime(ctx.now)),
    audit(ctx, "invitation.revoke", { target: id, before: { role: row.role } }),
  )
}
