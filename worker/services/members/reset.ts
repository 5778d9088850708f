import { mayGrant } from "#core/access/grant"
import type { ReplyOf } from "#core/contract/endpoint"
import type { membersApi } from "#core/contract/members"
import { Failure, found } from "#core/errors"
import type { UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as members from "#worker/db/members"
import * as resets from "#worker/db/password-resets"
import { newReset } from "#worker/services/auth/reset"
import { mayMail } from "#worker/services/mail/limit"
import type { Post } from "#worker/services/mail/send"

/**
 * Starts a new password for a member. Where mail is set up only the member sees the link. Elsewhere the admin passes it on, and then
 * only for somebody who belongs to this tenant alone: whoever has the link could sign in as that person everywhere.
 */
export async function startReset(
  ctx: Ctx,
  { origin, post }: { origin: string; post: Post | undefined },
  id: UserId,
): Promise<ReplyOf<typeof membersApi.reset>> {
  allow(ctx.actor, "user.edit")
  const control = await ctx.control()
  const tenant = ctx.tenant.id
  const member = found(await members.one(control, tenant, { id }), "member.not_found")
  if (!mayGrant(ctx.actor, member.role)) throw new Failure("member.beyond_you")
  if (!post && (await members.isElsewhere(control, tenant, id))) throw new Failure("member.elsewhere")
  if (post && !(await mayMail(ctx, control, member.email))) {
    throw new Failure("auth.too_many_attempts", {
      detail: "This address was sent three mails within an hour. Wait a little.",
      retryAfterSeconds: 3_600,
    })
  }
  const { row, url } = newReset(ctx, id, post ? null : tenant)
  await commit(
    { db: control },
    undefined,
    resets.insert(row),
    audit(ctx, "member.reset", { target: id, after: { emailed: post !== undefined } }),
  )
  if (!post) return { reset_url: url(origin), emailed: false, expires_at: row.expires_at }
  const emailed = await post.send({
    to: member.email,
    subject: "Set a new password for Edgecrew",
    text: `An admin of your workspace started a new password for you. The link works once, for 30 minutes.\n\n${url(post.origin)}\n`,
  })
  return { reset_url: null, emailed, expires_at: row.expires_at }
}
