import { Failure } from "#core/errors"
import { audit } from "#worker/audit/record"
import { isoTime, type PublicCtx } from "#worker/context"
import { commit, type Db } from "#worker/db/commit"
import * as sessions from "#worker/db/sessions"
import { base64url, digestOf } from "#worker/digest"
import { forgetSession } from "./live.ts"
import { accessTokenFor, sessionDays } from "./open-session.ts"
import { childOf, isRefreshToken } from "./refresh-token.ts"
import type { AuthSettings } from "./settings.ts"

const graceMs = 10_000

type Found = NonNullable<Awaited<ReturnType<typeof sessions.token>>>

/** Spends a refresh token and gives the next pair. A token that comes back after the grace was stolen: its whole family ends. */
export async function refresh(ctx: PublicCtx, settings: AuthSettings, token: string) {
  if (!isRefreshToken(token)) throw new Failure("auth.invalid")
  const control = await ctx.control()
  const digest = digestOf(token)
  const found = await sessions.token(control, digest)
  if (!found || !isUsable(found, ctx.now)) throw new Failure("auth.invalid")
  const salt = found.used_at === null ? await spend(ctx, control, settings, token, found) : found.child_salt
  const late = found.used_at !== null && Date.parse(found.used_at) + graceMs < ctx.now
  if (late || salt === null) return endFamily(ctx, control, found)
  const { session, slot, role } = found
  const bearer = { user: session.identity_id, tenant: session.tenant_id, slot, role, session: session.id }
  return {
    access_token: await accessTokenFor(ctx, settings, bearer),
    refresh_token: childOf(token, salt, settings.PEPPER),
  }
}

const isUsable = ({ session, membership_status }: Found, now: number): boolean =>
  session.ended_at === null && Date.parse(session.expires_at) > now && membership_status === "active"

/** The salt of the token's one child: ours, or that of the request that was a moment faster. */
async function spend(
  ctx: PublicCtx,
  control: Db,
  settings: AuthSettings,
  token: string,
  { session }: Found,
): Promise<string | null> {
  const salt = base64url(ctx.chance(32))
  const child = digestOf(childOf(token, salt, settings.PEPPER))
  const at = isoTime(ctx.now)
  try {
    return await commit(
      { db: control },
      salt,
      sessions.spend(control, digestOf(token), at, salt),
      sessions.insertToken({ digest: child, session_id: session.id, created_at: at }),
      sessions.touch(control, session.id, at, isoTime(ctx.now + sessionDays * 86_400_000)),
    )
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "conflict.stale") throw error
    return (await sessions.token(control, digestOf(token)))?.child_salt ?? null
  }
}

async function endFamily(ctx: PublicCtx, control: Db, { session, role }: Found): Promise<never> {
  const actor = { is: "user", id: session.identity_id, role } as const
  const by = { ...ctx, actor, tenant: { id: session.tenant_id } }
  await commit(
    { db: control },
    undefined,
    sessions.end(control, session.id, session.identity_id, isoTime(ctx.now), "refresh_reused"),
    audit(by, "session.refresh_reused", { target: session.id }),
  )
  forgetSession(session.id)
  throw new Failure("auth.refresh_reused")
}
