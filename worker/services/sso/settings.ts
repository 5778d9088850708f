import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { ssoApi } from "#core/contract/sso"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as sso from "#worker/db/sso"
import { hintOf, sealSecret, type VaultSettings } from "#worker/services/vault"
import { secretPlace, shown } from "./shape.ts"

/** The tenant's provider, if it has one. */
export async function getSso(ctx: Ctx, origin: string): Promise<ReplyOf<typeof ssoApi.get>> {
  allow(ctx.actor, "workspace.edit")
  const row = await sso.ofTenant(await ctx.control(), ctx.tenant.id)
  return { sso: row ? shown(row, origin) : null }
}

/** Sets the tenant's provider. Another issuer's subjects are other people: those of the one before are forgotten. */
export async function putSso(
  ctx: Ctx,
  settings: VaultSettings,
  origin: string,
  body: BodyOf<typeof ssoApi.put>,
  ifMatch: number | undefined,
): Promise<ReplyOf<typeof ssoApi.put>> {
  allow(ctx.actor, "workspace.edit")
  const control = await ctx.control()
  const tenant = ctx.tenant.id
  const was = await sso.ofTenant(control, tenant)
  if (was) assertVersion(was.version, ifMatch)
  const { client_secret: secret, ...rest } = body
  const kept = secret === undefined && was?.issuer === body.issuer ? was : undefined
  const at = isoTime(ctx.now)
  const row: sso.SsoRow = {
    ...rest,
    tenant_id: tenant,
    client_secret: secret
      ? await sealSecret(ctx, settings, secretPlace(tenant), secret)
      : (kept?.client_secret ?? null),
    hint: secret ? hintOf(secret) : (kept?.hint ?? ""),
    domains: [...new Set(body.domains)],
    version: (was?.version ?? 0) + 1,
    created_at: was?.created_at ?? at,
    updated_at: at,
  }
  const facts = ({ issuer, client_id, domains, is_active }: sso.SsoRow) => ({
    issuer,
    client_id,
    domains,
    is_active,
  })
  await commit(
    { db: control },
    undefined,
    sso.put(control, row, was),
    audit(ctx, "sso.update", { ...(was ? { before: facts(was) } : {}), after: facts(row) }),
    ...(was && was.issuer !== row.issuer ? [sso.forgetSubjects(control, tenant)] : []),
  )
  return { sso: shown(row, origin) }
}

/** Takes the provider away; who signed in by it stays signed in until their sessions end. */
export async function removeSso(ctx: Ctx): Promise<void> {
  allow(ctx.actor, "workspace.edit")
  const control = await ctx.control()
  await commit(
    { db: control },
    undefined,
    sso.remove(control, ctx.tenant.id),
    audit(ctx, "sso.remove"),
    sso.forgetSubjects(control, ctx.tenant.id),
  )
}
