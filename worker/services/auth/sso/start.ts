import { Failure, found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { isoTime, type PublicCtx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as sso from "#worker/db/sso"
import { base64url } from "#worker/digest"
import type { Env, Settings } from "#worker/env"
import { redirectUri } from "#worker/services/sso/shape"
import { describe } from "./provider.ts"
import { loginSecrets } from "./secrets.ts"

const lifeMs = 600_000

/**
 * Where to lead a browser that wants to sign in, and the secret that it keeps meanwhile: whoever is led back in another browser is
 * refused, so nobody is signed in as somebody else by a link.
 */
export async function startSso(
  ctx: PublicCtx,
  env: Env,
  { PEPPER }: Pick<Settings, "PEPPER">,
  { tenant_slug, origin }: { tenant_slug: string; origin: string },
): Promise<{ authorization_url: string; kept: string }> {
  if (origin === "") {
    throw new Failure("sso.not_configured", {
      detail: "This installation does not know its address (PUBLIC_ORIGIN).",
    })
  }
  const control = await ctx.control()
  const tenant = await identities.tenantBySlug(control, tenant_slug)
  const row = tenant && (await sso.ofTenant(control, tenant.id))
  const connection = found(row?.is_active ? row : undefined, "sso.not_configured")
  const metadata = await describe(env, connection.issuer, ctx.now)
  const [state, kept] = [base64url(ctx.chance(32)), base64url(ctx.chance(32))]
  const { digest, nonce, challenge } = loginSecrets(PEPPER, state, kept)
  const at = isoTime(ctx.now)
  const by = { ...ctx, actor: { is: "system" } as const, tenant: { id: connection.tenant_id } }
  await commit(
    { db: control },
    undefined,
    sso.begin({ digest, tenant_id: connection.tenant_id, expires_at: isoTime(ctx.now + lifeMs) }),
    audit(by, "sso.start"),
    sso.sweep(control, at),
  )
  const url = new URL(metadata.authorization_endpoint)
  const asked = {
    response_type: "code",
    client_id: connection.client_id,
    redirect_uri: redirectUri(origin),
    scope: "openid email profile",
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { authorization_url: url.href, kept }
}
