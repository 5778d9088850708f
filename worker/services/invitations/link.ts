import { Failure } from "#core/errors"
import { isoTime, type BaseCtx, type Ctx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import type { Db } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { base64url, digestOf } from "#worker/digest"
import type { Settings } from "#worker/env"
import { mayMail } from "#worker/services/mail/limit"
import type { Post } from "#worker/services/mail/send"

export const dayMs = 86_400_000
const hourMs = 3_600_000

/** Where links lead, how mails leave, and the limits that hold. */
export type Way = { origin: string; post: Post | undefined; settings: Pick<Settings, "QUOTAS"> }

/** The token of a new link, with the digest that alone is kept. Behind the `#` it reaches no server's log. */
export function newLink(ctx: Pick<BaseCtx, "chance">) {
  const token = `eci_${base64url(ctx.chance(32))}`
  return { digest: digestOf(token), url: (origin: string) => `${origin}/invite#${token}` }
}

/** A tenant makes so many links in an hour at most. */
export async function paceInvites(
  ctx: Ctx,
  control: Db,
  { QUOTAS }: Pick<Settings, "QUOTAS">,
): Promise<void> {
  const most = QUOTAS["invitations_an_hour"] ?? 200
  const key = digestOf(`invitations:${ctx.tenant.id}`)
  const until = await attempts.within(control, key, ctx.now, { most, windowMs: hourMs })
  if (until === undefined) return
  throw new Failure("quota.exceeded", {
    detail: `A tenant invites at most ${most} times an hour.`,
    retryAfterSeconds: Math.max(1, Math.ceil((until - ctx.now) / 1_000)),
    more: { quota: "invitations_an_hour", limit: most, resets_at: isoTime(until) },
  })
}

/** Sends the link to the address it is for, where mail is set up and the address is not flooded. */
export async function mailLink(
  ctx: Ctx,
  control: Db,
  { post }: Way,
  { email, url }: { email: string; url: (origin: string) => string },
): Promise<boolean> {
  if (!post || !(await mayMail(ctx, control, email))) return false
  const tenant = await identities.tenantById(control, ctx.tenant.id)
  const name = tenant?.name ?? "a workspace"
  return post.send({
    to: email,
    subject: `You are invited to ${name}`,
    text: `You are invited to work in ${name} on Edgecrew.\n\nAccept the invitation:\n${url(post.origin)}\n\nThe link works once. If you did not expect it, ignore this mail.\n`,
  })
}
