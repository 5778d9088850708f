import type { authApi } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { isoTime, type Client, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as resets from "#worker/db/password-resets"
import * as sessions from "#worker/db/sessions"
import { forgetAllSessions } from "./live.ts"
import { personOf } from "./me.ts"
import { assertStrong } from "./password-policy.ts"
import { checkPassword, hashPassword } from "./password.ts"
import type { AuthSettings } from "./settings.ts"
import { throttle } from "./throttle.ts"

type Body = BodyOf<typeof authApi.password>

/** Changes the password, by proving the present one, and ends every other session of the person. */
export async function changePassword(
  ctx: Ctx & { client: Client },
  settings: AuthSettings,
  body: Body,
): Promise<void> {
  const user = personOf(ctx)
  const control = await ctx.control()
  const identity = found(await identities.byId(control, user), "auth.invalid")
  assertStrong(body.new_password, [identity.email, identity.name], "new_password")
  const forgive = await throttle(ctx, control, settings, identity.email)
  const { right } = await checkPassword(settings.PEPPER, body.current_password, identity.password_hash)
  if (!right) {
    throw new Failure("auth.bad_credentials", {
      detail: "The current password is wrong.",
      errors: [{ path: "current_password", message: "This is not your current password" }],
    })
  }
  const at = isoTime(ctx.now)
  const password_hash = await hashPassword(settings.PEPPER, body.new_password, ctx.chance)
  await commit(
    { db: control },
    undefined,
    identities.update(control, user, { password_hash, updated_at: at }),
    audit(ctx, "user.password", { target: user }),
    sessions.endOthers(control, user, found(ctx.session, "auth.invalid"), at, "password_changed"),
    forgive(),
    resets.voidAll(control, user, at),
  )
  forgetAllSessions()
}
