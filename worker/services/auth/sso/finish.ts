import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { ssoApi } from "#core/contract/sso"
import { Failure, found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { isoTime, type PublicCtx } from "#worker/context"
import { commit, type Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { beginAnew } from "#worker/db/shares"
import * as sso from "#worker/db/sso"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { redirectUri, secretPlace } from "#worker/services/sso/shape"
import { openSecret } from "#worker/services/vault"
import { accessTokenFor, forgetOld, openSession } from "../open-session.ts"
import type { AuthSettings } from "../settings.ts"
import { readIdToken } from "./id-token.ts"
import { describe, exchange, keysOf } from "./provider.ts"
import { loginSecrets } from "./secrets.ts"
import { arriving } from "./who.ts"

type Back = BodyOf<typeof ssoApi.finish> & { origin: string; kept: string }

/** Signs in whom the provider has led back, to the tenant that it belongs to and to no other. */
export async function finishSso(
  ctx: PublicCtx,
  env: Env,
  settings: AuthSettings,
  { state, code, iss, origin, kept }: Back,
): Promise<ReplyOf<typeof ssoApi.finish>> {
  const control = await ctx.control()
  const at = isoTime(ctx.now)
  const { digest, nonce, verifier } = loginSecrets(settings.PEPPER, state, kept)
  const id = found(await sso.take(control, digest, at), "sso.refused")
  const tenant = found(await identities.tenantById(control, id), "sso.refused")
  const row = await sso.ofTenant(control, id)
  const connection = found(row?.is_active ? row : undefined, "sso.not_configured")
  const { issuer, client_id } = connection
  const metadata = await describe(env, issuer, ctx.now)
  // RFC 9207: an answer of another provider's is not taken for this one's.
  const isNamed = iss !== undefined || metadata.authorization_response_iss_parameter_supported === true
  if (isNamed && iss !== issuer) throw new Failure("sso.refused")
  const keeper = { control: () => ctx.control(), tenant: { id } }
  const client_secret =
    connection.client_secret === null
      ? null
      : await openSecret(keeper, settings, secretPlace(id), connection.client_secret)
  const token = await exchange(env, metadata, {
    client_id,
    client_secret,
    code,
    redirect_uri: redirectUri(origin),
    verifier,
  })
  const keys = (anew: boolean) => keysOf(env, metadata, ctx.now, anew)
  const claims = await readIdToken(token, keys, { issuer, client_id, nonce, now: ctx.now })
  const { user, role, statements, returns } = await arriving(ctx, control, connection, claims)
  if (returns) await beginAnew(await tenantDb(env, tenant.slot), user)
  const place = statements.length > 0 ? "follows" : "first"
  const session = openSession(ctx, { user, tenant: id, client: ctx.client, via: "sso" }, place)
  const by = { ...ctx, actor: { is: "user", id: user, role } as const, tenant: { id } }
  const [first, ...rest]: Statement[] = [...statements, ...session.statements]
  await commit(
    { db: control },
    undefined,
    first!,
    ...rest,
    audit(by, "session.open", { target: session.id, after: { via: "sso" } }),
    ...forgetOld(control, ctx, user),
  )
  const bearer = { user, tenant: id, slot: tenant.slot, role, session: session.id }
  return {
    tenant_id: id,
    user_id: user,
    access_token: await accessTokenFor(ctx, settings, bearer),
    refresh_token: session.refresh_token,
  }
}
