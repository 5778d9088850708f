import type { Role } from "#core/access/roles"
import { newId, type SessionId, type TenantId, type UserId } from "#core/ids"
import { isoTime, type BaseCtx, type Client } from "#worker/context"
import type { Db, Statement } from "#worker/db/commit"
import * as sessions from "#worker/db/sessions"
import { digestOf } from "#worker/digest"
import { signAccessToken } from "./access-token.ts"
import { newRefreshToken } from "./refresh-token.ts"
import type { AuthSettings } from "./settings.ts"

export const sessionDays = 30
/** For so long it can be seen from where somebody was signed in. */
const rememberedDays = 90
const dayMs = 86_400_000

type Opening = {
  id: SessionId
  refresh_token: string
  statements: [Statement, Statement]
}

/** A new session and its first refresh token, as statements for the verb's own batch: at its beginning, or following a guard. */
export function openSession(
  ctx: Pick<BaseCtx, "now" | "chance">,
  who: {
    user: UserId
    tenant: TenantId
    client: Pick<Client, "userAgent">
    /** When the password was last given, if not now. */
    provenAt?: string | undefined
    /** By a tenant's own provider. */
    via?: "sso"
  },
  place: "first" | "follows",
): Opening {
  const id = newId<SessionId>("session", ctx.now, ctx.chance)
  const refresh_token = newRefreshToken(ctx.chance)
  const at = isoTime(ctx.now)
  const row = {
    id,
    identity_id: who.user,
    tenant_id: who.tenant,
    user_agent: who.client.userAgent.slice(0, 300),
    created_at: at,
    used_at: at,
    expires_at: isoTime(ctx.now + sessionDays * dayMs),
    proven_at: who.provenAt ?? at,
    via: who.via ?? null,
  }
  return {
    id,
    refresh_token,
    statements: [
      sessions.insert(row, place === "follows"),
      sessions.insertToken({ digest: digestOf(refresh_token), session_id: id, created_at: at }),
    ],
  }
}

/** Forgets what is left of a person's sessions that are over: whoever signs in sweeps behind themselves. */
export const forgetOld = (control: Db, { now }: Pick<BaseCtx, "now">, user: UserId): [Statement, Statement] =>
  sessions.forget(control, user, isoTime(now), isoTime(now - rememberedDays * dayMs))

export type Bearer = { user: UserId; tenant: TenantId; slot: string; role: Role; session: SessionId }

export const accessTokenFor = (
  ctx: Pick<BaseCtx, "now">,
  settings: AuthSettings,
  who: Bearer,
): Promise<string> =>
  signAccessToken(
    settings.SIGNING_KEY,
    { sub: who.user, sid: who.session, tid: who.tenant, slot: who.slot, role: who.role },
    ctx.now,
  )
