import { actorId } from "#core/access/roles"
import { mayGrant } from "#core/access/grant"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { membersApi } from "#core/contract/members"
import { Failure } from "#core/errors"
import { newId, type InvitationId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as invitations from "#worker/db/invitations"
import * as members from "#worker/db/members"
import { ownerOf } from "#worker/services/owner"
import { dayMs, mailLink, newLink, paceInvites, type Way } from "./link.ts"
import { shown } from "./shape.ts"

/** Invites an address in a role that can do no more than the caller; an earlier invitation of it is withdrawn. */
export async function invite(
  ctx: Ctx,
  way: Way,
  { email, role, expires_in_days }: BodyOf<typeof membersApi.invite>,
): Promise<ReplyOf<typeof membersApi.invite>> {
  allow(ctx.actor, "user.edit")
  if (!mayGrant(ctx.actor, role)) throw new Failure("member.beyond_you")
  const control = await ctx.control()
  await paceInvites(ctx, control, way.settings)
  const tenant = ctx.tenant.id
  if (await members.one(control, tenant, { email })) {
    throw new Failure("member.exists", { errors: [{ path: "email", message: "This person is a member" }] })
  }
  const { digest, url } = newLink(ctx)
  const at = isoTime(ctx.now)
  const row = {
    id: newId<InvitationId>("invite", ctx.now, ctx.chance),
    tenant_id: tenant,
    email,
    role,
    digest,
    owner_id: await ownerOf(ctx),
    invited_by: actorId(ctx.actor),
    created_at: at,
    sent_at: at,
    expires_at: isoTime(ctx.now + expires_in_days * dayMs),
    accepted_at: null,
    accepted_by: null,
    revoked_at: null,
  }
  await commit(
    { db: control },
    undefined,
    invitations.withdrawOf(control, tenant, email, at),
    invitations.insert(row),
    audit(ctx, "invitation.create", { target: row.id, after: { role, expires_at: row.expires_at } }),
  )
  const emailed = await mailLink(ctx, control, way, { email, url })
  const [invitation] = await shown(control, [row], ctx.now)
  return { invitation: invitation!, invite_url: url(way.origin), emailed }
}
