import type { authApi, Me } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { getMe, personOf } from "./me.ts"

/** Changes the person's name or preferences; a preference that is not named stays. */
export async function updateMe(ctx: Ctx, body: BodyOf<typeof authApi.updateMe>): Promise<Me> {
  const user = personOf(ctx)
  const control = await ctx.control()
  const before = found(await identities.byId(control, user), "auth.invalid")
  const preferences = { ...before.preferences, ...body.preferences }
  await commit(
    { db: control },
    undefined,
    identities.update(control, user, {
      name: body.name ?? before.name,
      preferences,
      updated_at: isoTime(ctx.now),
    }),
    audit(ctx, "user.update", { target: user, after: { preferences } }),
  )
  return getMe(ctx)
}
