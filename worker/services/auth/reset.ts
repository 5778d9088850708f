import type { authApi } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import type { Role } from "#core/access/roles"
import { Failure, found } from "#core/errors"
import type { TenantId, UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type BaseCtx, type PublicCtx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import { commit, type Db, type Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as resets from "#worker/db/password-resets"
import * as sessions from "#worker/db/sessions"
import { base64url, digestOf } from "#worker/digest"
import { mayMail } from "#worker/services/mail/limit"
import type { Post } from "#worker/services/mail/send"
import { forgetAllSessions } from "./live.ts"
import { assertStrong } from "./password-policy.ts"
import { hashPassword } from "./password.ts"
import type { AuthSettings } from "./settings.ts"
import { sweepAttempts } from "./throttle.ts"

const lifeMs = 30 * 60_000
const hourMs = 3_600_000

/** A new link of an account, as its row and its address. */
export function newReset(
  ctx: Pick<BaseCtx, "now" | "chance">,
  user: UserId,
  tenant: TenantId | null,
): { row: Parameters<typeof resets.insert>[0]; url: (origin: string) => string } {
  const token = `ecp_${base64url(ctx.chance(32))}`
  const row = {
    digest: digestOf(token),
    identity_id: user,
    tenant_id: tenant,
    created_at: isoTime(ctx.now),
    expires_at: isoTime(ctx.now + lifeMs),
    used_at: null,
  }
  return { row, url: (origin) => `${origin}/reset#${token}` }
}

/**
 * Takes a request for a new password. All that depends on whether the address has an account is done after the answer, which
 * therefore says and takes the same for every address; what is counted is asked of every address alike.
 */
export async function requestReset(
  ctx: PublicCtx,
  post: Post | undefined,
  { email }: BodyOf<typeof authApi.resetRequest>,
): Promise<void> {
  const control = await ctx.control()
  const { address } = ctx.client
  // Where nobody tells clients apart, they are not counted together: one would keep all others from asking.
  if (address !== "unknown") await paceResets(ctx, control, `reset-from:${address}`, mostFrom)
  await paceResets(ctx, control, `reset:${email}`, mostOf)
  sweepAttempts(ctx, control)
  if (post) ctx.after(mailResets(ctx, control, post, email))
}

/** Of somebody who is a member of very many tenants, so many are told. */
const mostTold = 5

type Place = { id: TenantId; role?: Role }

/**
 * Follows a change: tells each tenant of it whose member somebody is, as a deed of theirs, for whoever has the link passes for them.
 * Whoever belongs to none stands in nobody's log.
 */
function told(ctx: PublicCtx, places: readonly Place[], action: string, id: UserId): Statement[] {
  const system = { is: "system" } as const
  if (places.length === 0) return [audit({ ...ctx, actor: system }, action, { target: id })]
  return places.slice(0, mostTold).map(({ id: tenant, role }) => {
    const actor = role === undefined ? system : ({ is: "user", id, role } as const)
    return audit({ ...ctx, actor, tenant: { id: tenant } }, action, { target: id })
  })
}

const mostOf = 3
const mostFrom = 30

async function paceResets(ctx: PublicCtx, control: Db, what: string, most: number): Promise<void> {
  const until = await attempts.within(control, digestOf(what), ctx.now, { most, windowMs: hourMs })
  if (until === undefined) return
  throw new Failure("auth.too_many_attempts", {
    detail: "A mail was asked for too often in an hour. Use the newest one, or wait.",
    retryAfterSeconds: Math.max(1, Math.ceil((until - ctx.now) / 1_000)),
  })
}

/** One mail with a link for each account that has the address: nearly always one. */
async function mailResets(ctx: PublicCtx, control: Db, post: Post, email: string): Promise<void> {
  const accounts = await identities.ofEmail(control, email)
  if (accounts.length === 0 || !(await mayMail(ctx, control, email))) return
  const lines: string[] = []
  for (const { id, name } of accounts) {
    const { row, url } = newReset(ctx, id, null)
    const tenants = await identities.tenantsOf(control, id)
    await commit(
      { db: control },
      undefined,
      resets.insert(row),
      ...told(ctx, tenants, "user.reset_request", id),
    )
    const where = tenants.map((one) => one.name).join(", ")
    lines.push(`${name || email}${where === "" ? "" : ` (${where})`}:\n${url(post.origin)}`)
  }
  await post.send({
    to: email,
    subject: "Set a new password for Edgecrew",
    text: `Somebody asked for a new password for your account. The link works once, for 30 minutes.\n\n${lines.join("\n\n")}\n\nIf it was not you, ignore this mail: your password stays as it is.\n`,
  })
}

/** Sets the password of the account that a link is for, and ends everything that was open with the old one. */
export async function resetPassword(
  ctx: PublicCtx,
  settings: AuthSettings,
  { token, password }: BodyOf<typeof authApi.reset>,
): Promise<void> {
  const control = await ctx.control()
  const at = isoTime(ctx.now)
  const { reset, identity } = found(await resets.usable(control, digestOf(token), at), "auth.reset_invalid")
  assertStrong(password, [identity.email, identity.name], "password")
  const password_hash = await hashPassword(settings.PEPPER, password, ctx.chance)
  const { tenant_id } = reset
  const places: Place[] =
    tenant_id === null ? await identities.tenantsOf(control, identity.id) : [{ id: tenant_id }]
  await commit(
    { db: control },
    undefined,
    resets.use(control, reset, at),
    resets.setPassword(control, identity.id, password_hash, at),
    ...told(ctx, places, "user.password_reset", identity.id),
    sessions.endAll(control, identity.id, at, "password_reset", "follows"),
    resets.voidAll(control, identity.id, at),
    resets.sweep(control, isoTime(ctx.now - 24 * hourMs)),
  )
  forgetAllSessions()
}
