import { Failure, found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { isoTime, type Client, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as sessions from "#worker/db/sessions"
import { forgetSession } from "./live.ts"
import { personOf } from "./me.ts"
import { checkPassword } from "./password.ts"
import { proofMs } from "./proof.ts"
import type { AuthSettings } from "./settings.ts"
import { throttle } from "./throttle.ts"

/** Takes the person's password once more, for what needs a recent one. Guessing is slowed as it is at the door. */
export async function reauthenticate(
  ctx: Ctx & { client: Client },
  settings: AuthSettings,
  password: string,
): Promise<{ proven_until: string }> {
  const user = personOf(ctx)
  const session = found(ctx.session, "auth.invalid")
  const control = await ctx.control()
  const identity = found(await identities.byId(control, user), "auth.invalid")
  const forgive = await throttle(ctx, control, settings, identity.email)
  const { right } = await checkPassword(settings.PEPPER, password, identity.password_hash)
  if (!right) {
    throw new Failure("auth.bad_credentials", {
      detail: "The password is wrong.",
      errors: [{ path: "password", message: "This is not your password" }],
    })
  }
  await commit(
    { db: control },
    undefined,
    sessions.prove(control, session, user, isoTime(ctx.now)),
    audit(ctx, "session.prove", { target: session }),
    forgive(),
  )
  forgetSession(session)
  return { proven_until: isoTime(ctx.now + proofMs(settings)) }
}
