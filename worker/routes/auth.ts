import { authApi } from "#core/contract/auth"
import { Failure } from "#core/errors"
import { slotNames, tenantDb } from "#worker/db/tenant"
import { settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { noRefreshCookie, refreshCookie, refreshCookieOf } from "#worker/http/cookie"
import { Reply } from "#worker/http/reply"
import { assertOwnOrigin } from "#worker/http/session"
import { acceptInvite, joinTenant } from "#worker/services/auth/accept-invite"
import { assertOn } from "#worker/services/admin/switches"
import { changePassword } from "#worker/services/auth/change-password"
import { endSession } from "#worker/services/auth/end-session"
import { lookAtInvitation } from "#worker/services/auth/invited"
import { listSessions } from "#worker/services/auth/list-sessions"
import { login } from "#worker/services/auth/login"
import { getMe } from "#worker/services/auth/me"
import { reauthenticate } from "#worker/services/auth/reauthenticate"
import { refresh } from "#worker/services/auth/refresh"
import { register } from "#worker/services/auth/register"
import { requestReset, resetPassword } from "#worker/services/auth/reset"
import { switchTenant } from "#worker/services/auth/switch-tenant"
import { createTicket } from "#worker/services/auth/tickets"
import { updateMe } from "#worker/services/auth/update-me"
import { postOf } from "#worker/services/mail/send"
import { wakeClock } from "#worker/services/triggers/clock"

/** Tokens in the body for programs, and the refresh token in a cookie that no script of a page can read. */
const signedIn = (tokens: { refresh_token: string }): Reply =>
  new Reply(tokens, { headers: refreshCookie(tokens.refresh_token) })

export const authRoutes = routes(
  answer(authApi.register, async ({ ctx, env, body }) => {
    await assertOn(ctx, "registration")
    const { slot, tokens } = await register(ctx, settingsOf(env), slotNames(env), body)
    await tenantDb(env, slot)
    await wakeClock(env, { id: tokens.tenant_id, slot })
    return signedIn(tokens)
  }),
  answer(authApi.login, async ({ ctx, env, body }) => {
    const result = await login(ctx, settingsOf(env), body)
    return result.is === "session"
      ? signedIn(result.tokens)
      : new Reply({ tenants: result.tenants }, { status: 300 })
  }),
  answer(authApi.refresh, async ({ ctx, env, body, request, url }) => {
    const sent = body?.refresh_token
    if (sent === undefined) assertOwnOrigin(request, url)
    const token = sent ?? refreshCookieOf(request)
    if (token === undefined) throw new Failure("auth.required")
    return signedIn(await refresh(ctx, settingsOf(env), token))
  }),
  answer(authApi.logout, async ({ ctx }) => {
    if (ctx.session) await endSession(ctx, ctx.session)
    // The cookie of who acts in another's name is their own, and stays.
    const isSupport = ctx.actor.is === "user" && ctx.actor.support !== undefined
    return new Reply(undefined, isSupport ? {} : { headers: noRefreshCookie })
  }),
  answer(
    authApi.switch,
    async ({ ctx, env, body }) => signedIn(await switchTenant(ctx, settingsOf(env), body.tenant_id)),
    { once: true },
  ),
  answer(authApi.me, ({ ctx }) => getMe(ctx)),
  answer(authApi.updateMe, ({ ctx, body }) => updateMe(ctx, body)),
  answer(authApi.password, ({ ctx, env, body }) => changePassword(ctx, settingsOf(env), body)),
  answer(authApi.reauthenticate, ({ ctx, env, body }) => reauthenticate(ctx, settingsOf(env), body.password)),
  answer(authApi.resetRequest, ({ ctx, env, body }) => requestReset(ctx, postOf(env), body)),
  answer(authApi.reset, ({ ctx, env, body }) => resetPassword(ctx, settingsOf(env), body)),
  answer(authApi.invitation, ({ ctx, body }) => lookAtInvitation(ctx, body.token)),
  answer(authApi.acceptInvite, async ({ ctx, env, body }) =>
    signedIn(await acceptInvite(env, ctx, settingsOf(env), body)),
  ),
  answer(authApi.join, ({ ctx, env, body }) => joinTenant(env, ctx, body.token)),
  answer(authApi.sessions, ({ ctx }) => listSessions(ctx)),
  answer(authApi.endSession, ({ ctx, params }) => endSession(ctx, params.session_id)),
  answer(authApi.ticket, ({ ctx, body }) => createTicket(ctx, body.resource), { once: true }),
)
