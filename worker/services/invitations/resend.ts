import { mayGrant } from "#core/access/grant"
import type { ReplyOf } from "#core/contract/endpoint"
import type { invitationsApi } from "#core/contract/members"
import { Failure, found } from "#core/errors"
import type { InvitationId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as invitations from "#worker/db/invitations"
import { ownerOf } from "#worker/services/owner"
import { dayMs, mailLink, newLink, paceInvites, type Way } from "./link.ts"
import { shown } from "./shape.ts"

/** Makes a new link that lasts as long as the first one did, for a day at least; the old one stops at once. */
export async function resendInvitation(
  ctx: Ctx,
  way: Way,
  id: InvitationId,
): Promise<ReplyOf<typeof invitationsApi.resend>> {
  allow(ctx.actor, "user.edit")
  const control = await ctx.control()
  const row = found(await invitations.byId(control, ctx.tenant.id, id), "invitation.not_found")
  if (!mayGrant(ctx.actor, row.role)) throw new Failure("member.beyond_you")
  await paceInvites(ctx, control, way.settings)
  const { digest, url } = newLink(ctx)
  const lifeMs = Math.max(dayMs, Date.parse(row.expires_at) - Date.parse(row.sent_at))
  const link = {
    digest,
    owner_id: await ownerOf(ctx),
    sent_at: isoTime(ctx.now),
    expires_at: isoTime(ctx.now + lifeMs),
  }
  await commit(
    { db: control },
    undefined,
    invitations.renew(control, row, link),
    audit(ctx, "invitation.resend", { target: id, after: { expires_at: link.expires_at } }),
  )
  const emailed = await mailLink(ctx, control, way, { email: row.email, url })
  const [invitation] = await shown(control, [{ ...row, ...link }], ctx.now)
  return { invitation: invitation!, invite_url: url(way.origin), emailed }
}
