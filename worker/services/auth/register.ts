import type { authApi } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import { newId, type TenantId, type UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type PublicCtx } from "#worker/context"
import { commit, type Db, type Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { vaultOf } from "#worker/services/vault"
import { accountOf, newAccount } from "./account.ts"
import { accessTokenFor, openSession } from "./open-session.ts"
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
  const who = await registrarOf(ctx, control, settings, body)
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

/**
 * Somebody who has an account adds one more tenant to it, by its password; everybody else gets a new account. What comes back does
 * not say which: an address that is known answers as one that is not.
 */
async function registrarOf(
  ctx: PublicCtx,
  control: Db,
  settings: AuthSettings,
  body: Body,
): Promise<Registrar> {
  const { email, name, password } = body
  const forgive = await throttle(ctx, control, settings, email, "register")
  const account = await accountOf(control, settings, email, password)
  if (account) {
    await commit({ db: control }, undefined, forgive())
    return { user: account.identity.id, statements: [] }
  }
  const about = [body.tenant_name, body.tenant_slug]
  const { id, statement } = await newAccount(ctx, control, settings, { email, name, password, about })
  return { user: id, statements: [statement] }
}
