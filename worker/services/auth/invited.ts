import type { ReplyOf } from "#core/contract/endpoint"
import type { authApi } from "#core/contract/auth"
import { Failure, found } from "#core/errors"
import type { BaseCtx } from "#worker/context"
import type { Db } from "#worker/db/commit"
import * as invitations from "#worker/db/invitations"
import * as members from "#worker/db/members"
import { digestOf } from "#worker/digest"

export type Invited = NonNullable<Awaited<ReturnType<typeof invitations.byDigest>>>

/** The invitation that a token opens; says why, when it opens none any more. */
export async function invitedBy(ctx: Pick<BaseCtx, "now">, control: Db, token: string): Promise<Invited> {
  const one = found(await invitations.byDigest(control, digestOf(token)), "invitation.not_found")
  const { accepted_at, revoked_at, expires_at } = one.invitation
  if (accepted_at !== null) throw new Failure("invitation.used")
  if (revoked_at !== null) throw new Failure("invitation.withdrawn")
  if (Date.parse(expires_at) <= ctx.now) throw new Failure("invitation.expired")
  if (one.tenant.status !== "active") throw closedToNewcomers()
  return one
}

/** A suspended tenant has the people that it has: who else may see it is not changed either. */
export const closedToNewcomers = (): Failure =>
  new Failure("tenant.suspended", {
    detail:
      "This workspace is suspended, and nobody can join it for now. The invitation is good until it expires: come back later, or ask whoever invited you.",
  })

/** What whoever holds the link may see of it. */
export async function lookAtInvitation(
  ctx: Pick<BaseCtx, "now" | "control">,
  token: string,
): Promise<ReplyOf<typeof authApi.invitation>> {
  const { invitation, tenant, inviter } = await invitedBy(ctx, await ctx.control(), token)
  return {
    email: invitation.email,
    role: invitation.role,
    tenant: { name: tenant.name, slug: tenant.slug },
    invited_by: inviter.name || inviter.email,
    expires_at: invitation.expires_at,
  }
}

/** One address is one member of a tenant, whichever accounts have it. */
export async function assertNoMember(control: Db, { invitation }: Invited): Promise<void> {
  const { tenant_id, email } = invitation
  if (await members.one(control, tenant_id, { email })) throw new Failure("member.exists")
}
