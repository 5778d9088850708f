import { ssoApi } from "#core/contract/sso"
import { Failure } from "#core/errors"
import { originFor, settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { cookieOf, refreshCookie, ssoCookie, ssoCookieName, noSsoCookie } from "#worker/http/cookie"
import { Reply } from "#worker/http/reply"
import { assertOwnOrigin } from "#worker/http/session"
import { finishSso } from "#worker/services/auth/sso/finish"
import { startSso } from "#worker/services/auth/sso/start"
import { getSso, putSso, removeSso } from "#worker/services/sso/settings"

export const ssoRoutes = routes(
  answer(ssoApi.get, ({ ctx, env, url }) => getSso(ctx, originFor(env, url))),
  answer(ssoApi.put, ({ ctx, env, url, body, ifMatch }) =>
    putSso(ctx, settingsOf(env), originFor(env, url), body, ifMatch),
  ),
  answer(ssoApi.remove, ({ ctx }) => removeSso(ctx)),
  answer(ssoApi.start, async ({ ctx, env, url, body }) => {
    const asked = { tenant_slug: body.tenant_slug, origin: originFor(env, url) }
    const { authorization_url, kept } = await startSso(ctx, env, settingsOf(env), asked)
    return new Reply({ authorization_url }, { headers: { "set-cookie": ssoCookie(kept) } })
  }),
  answer(ssoApi.finish, async ({ ctx, env, url, body, request }) => {
    // The cookie speaks for who began it.
    assertOwnOrigin(request, url)
    const kept = cookieOf(request, ssoCookieName)
    if (kept === undefined) throw new Failure("sso.refused")
    const back = { ...body, kept, origin: originFor(env, url) }
    const tokens = await finishSso(ctx, env, settingsOf(env), back)
    // A second cookie needs a header of its own.
    const headers = refreshCookie(tokens.refresh_token)
    return new Reply(tokens, { headers: { "set-cookie": headers["set-cookie"] }, cookies: [noSsoCookie] })
  }),
)
