import type { authApi } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { type PublicCtx } from "#worker/context"
import { commit, type Db, type Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { accountOf } from "./account.ts"
import { whyGone } from "./deleted.ts"
import { shown, userOf } from "./me.ts"
import { accessTokenFor, forgetOld, openSession } from "./open-session.ts"
import { hashPassword } from "./password.ts"
import type { AuthSettings } from "./settings.ts"
import { throttle } from "./throttle.ts"

type Body = BodyOf<typeof authApi.login>

/** Of somebody who is a member of very many tenants, so many are told. */
const mostTold = 5

/** Tells the tenants that somebody would sign in to that a wrong password was tried. How often one may try is bounded (throttle.ts). */
async function noteRefused(
  ctx: PublicCtx,
  control: Db,
  user: UserId,
  slug: string | undefined,
): Promise<void> {
  try {
    const tenants = await identities.tenantsOf(control, user)
    const meant = tenants.filter((one) => slug === undefined || one.slug === slug).slice(0, mostTold)
    for (const { id, role } of meant) {
      const by = { ...ctx, actor: { is: "user", id: user, role } as const, tenant: { id } }
      await commit({ db: control }, undefined, audit(by, "session.refused", { target: user }, true))
    }
  } catch (error) {
    console.warn(JSON.stringify({ level: "warn", event: "audit.refusal_untold", error: String(error) }))
  }
}

/** The same of every account that says it has the address. */
async function noteAllRefused(
  ctx: PublicCtx,
  control: Db,
  { email, tenant_slug: slug }: Body,
): Promise<void> {
  for (const { id } of await identities.ofEmail(control, email)) await noteRefused(ctx, control, id, slug)
}

/** Signs in to one tenant, or says which there are. An unknown address takes as long and answers as a wrong password does. */
export async function login(ctx: PublicCtx, settings: AuthSettings, body: Body) {
  const control = await ctx.control()
  const forgive = await throttle(ctx, control, settings, body.email)
  const account = await accountOf(control, settings, body.email, body.password)
  if (!account) {
    // Behind the answer: how long that takes must not tell whether there is such an account.
    ctx.after(noteAllRefused(ctx, control, body))
    throw new Failure("auth.bad_credentials")
  }
  const { identity, stale } = account
  const tenants = await identities.tenantsOf(control, identity.id)
  const tenant =
    body.tenant_slug === undefined ? undefined : tenants.find((one) => one.slug === body.tenant_slug)
  const chosen = tenant ?? (body.tenant_slug === undefined && tenants.length === 1 ? tenants[0] : undefined)
  if (!chosen) {
    await commit({ db: control }, undefined, forgive())
    if (body.tenant_slug !== undefined || tenants.length === 0) {
      const gone = await whyGone(control, identity.id, body.tenant_slug)
      throw gone ?? new Failure("tenant.not_found")
    }
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
    ...forgetOld(control, ctx, identity.id),
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
