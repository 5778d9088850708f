import type { authApi } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { audit } from "#worker/audit/record"
import type { PublicCtx } from "#worker/context"
import { commit, type Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { accountOf } from "./account.ts"
import { shown, userOf } from "./me.ts"
import { accessTokenFor, openSession } from "./open-session.ts"
import { hashPassword } from "./password.ts"
import type { AuthSettings } from "./settings.ts"
import { throttle } from "./throttle.ts"

type Body = BodyOf<typeof authApi.login>

/** Signs in to one tenant, or says which there are. An unknown address takes as long and answers as a wrong password does. */
export async function login(ctx: PublicCtx, settings: AuthSettings, body: Body) {
  const control = await ctx.control()
  const forgive = await throttle(ctx, control, settings, body.email)
  const account = await accountOf(control, settings, body.email, body.password)
  if (!account) throw new Failure("auth.bad_credentials")
  const { identity, stale } = account
  const tenants = await identities.tenantsOf(control, identity.id)
  const tenant =
    body.tenant_slug === undefined ? undefined : tenants.find((one) => one.slug === body.tenant_slug)
  const chosen = tenant ?? (body.tenant_slug === undefined && tenants.length === 1 ? tenants[0] : undefined)
  if (!chosen) {
    await commit({ db: control }, undefined, forgive())
    if (body.tenant_slug !== undefined || tenants.length === 0) throw new Failure("tenant.not_found")
    return { is: "choice" as const, tenants: tenants.map(shown) }
  }
  const session = openSession(ctx, { user: identity.id, tenant: chosen.id, client: ctx.client }, "first")
  const by = {
    ...ctx,
    actor: { is: "user", id: identity.id, role: chosen.role } as const,
    tenant: { id: chosen.id },
  }
  const better: Statement[] = stale
    ? [identities.rehash(control, identity, await hashPassword(settings.PEPPER, body.password, ctx.chance))]
    : []
  await commit(
    { db: control },
    undefined,
    ...session.statements,
    audit(by, "session.open", { target: session.id }),
    forgive(),
    ...better,
  )
  const bearer = {
    user: identity.id,
    tenant: chosen.id,
    slot: chosen.slot,
    role: chosen.role,
    session: session.id,
  }
  return {
    is: "session" as const,
    tokens: {
      access_token: await accessTokenFor(ctx, settings, bearer),
      refresh_token: session.refresh_token,
      user: userOf(identity),
      tenant: { id: chosen.id, name: chosen.name, slug: chosen.slug },
    },
  }
}
