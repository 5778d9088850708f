import type { authApi } from "#core/contract/auth"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { isoTime, type Ctx, type PublicCtx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as invitations from "#worker/db/invitations"
import * as members from "#worker/db/members"
import { beginAnew } from "#worker/db/shares"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { accountOf, newAccount } from "./account.ts"
import { assertNoMember, invitedBy } from "./invited.ts"
import { isConfined } from "./live.ts"
import { personOf } from "./me.ts"
import { accessTokenFor, openSession } from "./open-session.ts"
import type { AuthSettings } from "./settings.ts"
import { throttle } from "./throttle.ts"

/**
 * Accepts an invitation from outside: with the password of an account of its address, or with a new account. The invitation is taken
 * up by the first statement of the batch, so that of any who try at once one gets in.
 */
export async function acceptInvite(
  env: Env,
  ctx: PublicCtx,
  settings: AuthSettings,
  { token, name, password, existing }: BodyOf<typeof authApi.acceptInvite>,
) {
  const control = await ctx.control()
  const invited = await invitedBy(ctx, control, token)
  const { invitation, tenant } = invited
  const { email, role } = invitation
  await assertNoMember(control, invited)
  const forgive = await throttle(ctx, control, settings, email)
  const account = await accountOf(control, settings, email, password)
  if (!account && existing) throw new Failure("auth.bad_credentials")
  const about = [tenant.name, tenant.slug]
  const made = account
    ? undefined
    : await newAccount(ctx, control, settings, { email, name, password, about })
  const user = account?.identity.id ?? made!.id
  if (account) await beginAnew(await tenantDb(env, tenant.slot), user)
  const at = isoTime(ctx.now)
  const session = openSession(ctx, { user, tenant: tenant.id, client: ctx.client }, "follows")
  const by = { ...ctx, actor: { is: "user", id: user, role } as const, tenant: { id: tenant.id } }
  await commit(
    { db: control },
    undefined,
    invitations.accept(control, invitation, user, at),
    ...(made ? [made.statement] : []),
    members.join({ identity_id: user, tenant_id: tenant.id, role, created_at: at }),
    ...session.statements,
    audit(by, "invitation.accept", { target: invitation.id, after: { role } }),
    forgive(),
  )
  const bearer = { user, tenant: tenant.id, slot: tenant.slot, role, session: session.id }
  return {
    tenant_id: tenant.id,
    user_id: user,
    access_token: await accessTokenFor(ctx, settings, bearer),
    refresh_token: session.refresh_token,
  }
}

/** Accepts an invitation as who one is signed in as; its address must be the account's own. */
export async function joinTenant(env: Env, ctx: Ctx, token: string) {
  const user = personOf(ctx)
  if (await isConfined(ctx)) throw new Failure("sso.confined")
  const control = await ctx.control()
  const invited = await invitedBy(ctx, control, token)
  const { invitation, tenant } = invited
  const identity = found(await identities.byId(control, user), "auth.invalid")
  if (identity.email !== invitation.email) throw new Failure("invitation.other_account")
  await assertNoMember(control, invited)
  await beginAnew(await tenantDb(env, tenant.slot), user)
  const at = isoTime(ctx.now)
  const { role } = invitation
  await commit(
    { db: control },
    undefined,
    invitations.accept(control, invitation, user, at),
    members.join({ identity_id: user, tenant_id: tenant.id, role, created_at: at }),
    audit({ ...ctx, tenant: { id: tenant.id } }, "invitation.accept", {
      target: invitation.id,
      after: { role },
    }),
  )
  return { tenant: { id: tenant.id, name: tenant.name, slug: tenant.slug } }
}
