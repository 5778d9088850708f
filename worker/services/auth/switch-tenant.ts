import { Failure, found } from "#core/errors"
import type { TenantId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type Client, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as sessions from "#worker/db/sessions"
import { forgetSession, isConfined, liveSession } from "./live.ts"
import { personOf } from "./me.ts"
import { accessTokenFor, openSession } from "./open-session.ts"
import type { AuthSettings } from "./settings.ts"

/** Goes on in another of the person's tenants: a new session there, and the end of this one (ASVS 7.2.4). */
export async function switchTenant(ctx: Ctx & { client: Client }, settings: AuthSettings, id: TenantId) {
  const user = personOf(ctx)
  if (await isConfined(ctx)) throw new Failure("sso.confined")
  const control = await ctx.control()
  const tenants = await identities.tenantsOf(control, user)
  const to = found(
    tenants.find((one) => one.id === id),
    "tenant.not_found",
  )
  const was = found(ctx.session, "auth.invalid")
  // Another tenant is no new proof of who this is.
  const provenAt = (await liveSession(ctx, was))?.proven_at
  const session = openSession(ctx, { user, tenant: to.id, client: ctx.client, provenAt }, "follows")
  await commit(
    { db: control },
    undefined,
    sessions.end(control, was, user, isoTime(ctx.now), "switched"),
    ...session.statements,
    audit({ ...ctx, tenant: { id: to.id } }, "session.switch", {
      target: session.id,
      before: { tenant: ctx.tenant.id },
      after: { tenant: to.id },
    }),
  )
  forgetSession(was)
  const bearer = { user, tenant: to.id, slot: to.slot, role: to.role, session: session.id }
  return {
    access_token: await accessTokenFor(ctx, settings, bearer),
    refresh_token: session.refresh_token,
  }
}
