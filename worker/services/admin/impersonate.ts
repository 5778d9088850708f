import type { adminApi, Impersonation } from "#core/contract/admin"
import { pageInfo, type BodyOf, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import { newId, type ImpersonationId, type SessionId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type Client, type Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { commit } from "#worker/db/commit"
import * as impersonations from "#worker/db/impersonations"
import * as sessions from "#worker/db/sessions"
import { accessTokenFor } from "#worker/services/auth/open-session"
import type { AuthSettings } from "#worker/services/auth/settings"
import { platformAdmin } from "./platform.ts"

const lifeMs = 30 * 60_000

type Begun = { impersonation: Impersonation; access_token: string }

/**
 * A session in somebody's name, for half an hour and without a refresh token: reading only, unless the tenant lets support change
 * things. Other platform admins are not acted for: their name would open what one's own does not need.
 */
export async function impersonate(
  ctx: Ctx & { client: Client },
  settings: AuthSettings,
  { user_id, tenant_id, reason, may_write }: BodyOf<typeof adminApi.impersonate>,
): Promise<Begun> {
  const by = platformAdmin(ctx)
  const control = await ctx.control()
  const place = await admin.placeOf(control, user_id, tenant_id)
  if (!place || place.status !== "active") throw new Failure("member.not_found")
  assertOpen(place, may_write)
  if (user_id === by || place.is_platform_admin)
    throw new Failure("access.denied", { detail: "Nobody acts in the name of a platform admin." })
  const id = newId<ImpersonationId>("imp", ctx.now, ctx.chance)
  const session = newId<SessionId>("session", ctx.now, ctx.chance)
  const [at, until] = [isoTime(ctx.now), isoTime(ctx.now + lifeMs)]
  await commit(
    { db: control },
    undefined,
    sessions.insert(
      {
        id: session,
        identity_id: user_id,
        tenant_id,
        user_agent: ctx.client.userAgent.slice(0, 300),
        created_at: at,
        used_at: at,
        expires_at: until,
        impersonation_id: id,
      },
      false,
    ),
    impersonations.insert({
      id,
      admin_id: by,
      user_id,
      tenant_id,
      session_id: session,
      reason,
      may_write,
      created_at: at,
      expires_at: until,
      ended_at: null,
    }),
    audit({ ...ctx, tenant: { id: tenant_id } }, "user.impersonate", {
      target: user_id,
      after: { impersonation: id, reason, may_write, expires_at: until },
    }),
  )
  return begun(ctx, settings, found(await impersonations.byId(control, id), "impersonation.not_found"))
}

function assertOpen(
  { tenant_status, support_access }: NonNullable<Awaited<ReturnType<typeof admin.placeOf>>>,
  may_write: boolean,
): void {
  if (tenant_status === "suspended") throw new Failure("tenant.suspended")
  if (tenant_status === "deleted")
    throw new Failure("tenant.deleted", { detail: "Restore the tenant first, then act in somebody's name." })
  if (tenant_status !== "active") throw new Failure("tenant.erased")
  if (support_access === "none") throw new Failure("tenant.no_support")
  if (may_write && support_access !== "write")
    throw new Failure("tenant.no_support", {
      detail: "This workspace lets support read only. One of its admins can change that in its settings.",
    })
}

async function begun(
  ctx: Pick<Ctx, "now">,
  settings: AuthSettings,
  one: impersonations.NamedImpersonation,
): Promise<Begun> {
  const place = { user: one.user.id, tenant: one.tenant.id, slot: one.tenant.slot }
  // The role in a token is a hint of the past; what counts is asked with each session (auth/live.ts).
  const bearer = { ...place, role: "viewer", session: one.row.session_id } as const
  return { impersonation: shownImpersonation(one), access_token: await accessTokenFor(ctx, settings, bearer) }
}

/** Another access token, for a page that goes on: a token lives ten minutes. */
export async function renewImpersonation(
  ctx: Ctx,
  settings: AuthSettings,
  id: ImpersonationId,
): Promise<Begun> {
  const by = platformAdmin(ctx)
  const one = await impersonations.alive(await ctx.control(), id, by, isoTime(ctx.now))
  return begun(ctx, settings, found(one, "impersonation.not_found"))
}

export const shownImpersonation = ({
  row,
  admin: by,
  user,
  tenant,
}: impersonations.NamedImpersonation): Impersonation => ({
  id: row.id,
  admin: by,
  user,
  tenant: { id: tenant.id, name: tenant.name },
  reason: row.reason,
  may_write: row.may_write,
  created_at: row.created_at,
  expires_at: row.expires_at,
  ended_at: row.ended_at,
})

/** A page of who acted in whose name, the newest first. */
export async function listImpersonations(
  ctx: Ctx,
  query: QueryOf<typeof adminApi.impersonations>,
): Promise<ReplyOf<typeof adminApi.impersonations>> {
  platformAdmin(ctx)
  const { rows, total } = await impersonations.list(await ctx.control(), query)
  return {
    impersonations: rows.map(shownImpersonation),
    total,
    page_info: pageInfo(query.page, query.limit, total),
  }
}
