import type { authApi } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { newId, type TenantId, type UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type PublicCtx } from "#worker/context"
import { commit, type Db, type Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { vaultOf } from "#worker/services/vault"
import { accessTokenFor, openSession } from "./open-session.ts"
import { assertStrong } from "./password-policy.ts"
import { checkPassword, hashPassword } from "./password.ts"
import type { AuthSettings } from "./settings.ts"
import { throttle } from "./throttle.ts"

type Body = BodyOf<typeof authApi.register>
type Registrar = { user: UserId; statements: Statement[] }

/**
 * Creates a tenant with its database and its first admin. The slot is claimed in the same batch as everything else, so that a
 * crash leaves either a whole tenant or a free slot; the database is migrated when it is first touched.
 */
export async function register(ctx: PublicCtx, settings: AuthSettings, bound: string[], body: Body) {
  const control = await ctx.control()
  const known = await identities.byEmail(control, body.email)
  const who = known
    ? await recognise(ctx, control, settings, known, body)
    : await newIdentity(ctx, settings, body)
  const tenant = newId<TenantId>("tenant", ctx.now, ctx.chance)
  const at = isoTime(ctx.now)
  const session = openSession(ctx, { user: who.user, tenant, client: ctx.client }, "follows")
  const role = "admin"
  const by = { ...ctx, actor: { is: "user", id: who.user, role } as const, tenant: { id: tenant } }
  await commit(
    { db: control },
    undefined,
    identities.claimSlot(control, tenant, bound, at),
    identities.insertTenant({
      id: tenant,
      name: body.tenant_name,
      slug: body.tenant_slug,
      data_key: await vaultOf(settings).newTenantKey(tenant),
      created_at: at,
    }),
    ...who.statements,
    identities.insertMembership({ identity_id: who.user, tenant_id: tenant, role, created_at: at }),
    ...session.statements,
    audit(by, "tenant.register", { target: tenant, after: { slug: body.tenant_slug } }),
  )
  const slot = (await identities.slotOf(control, tenant)) ?? ""
  const bearer = { user: who.user, tenant, slot, role, session: session.id } as const
  return {
    slot,
    tokens: {
      tenant_id: tenant,
      user_id: who.user,
      access_token: await accessTokenFor(ctx, settings, bearer),
      refresh_token: session.refresh_token,
    },
  }
}

/** Somebody who has an account adds one more tenant to it, by proving the password. */
async function recognise(
  ctx: PublicCtx,
  control: Db,
  settings: AuthSettings,
  identity: identities.Identity,
  body: Body,
): Promise<Registrar> {
  const forgive = await throttle(ctx, control, settings, body.email)
  const { right } = await checkPassword(settings.PEPPER, body.password, identity.password_hash)
  if (!right) throw new Failure("auth.email_taken")
  await commit({ db: control }, undefined, forgive())
  return { user: identity.id, statements: [] }
}

async function newIdentity(ctx: PublicCtx, settings: AuthSettings, body: Body): Promise<Registrar> {
  assertStrong(body.password, [body.email, body.tenant_name, body.tenant_slug], "password")
  const user = newId<UserId>("user", ctx.now, ctx.chance)
  const at = isoTime(ctx.now)
  const row = {
    id: user,
    email: body.email,
    name: body.name ?? body.email.slice(0, body.email.indexOf("@")),
    password_hash: await hashPassword(settings.PEPPER, body.password, ctx.chance),
    preferences: {},
    created_at: at,
    updated_at: at,
  }
  return { user, statements: [identities.insert(row)] }
}
