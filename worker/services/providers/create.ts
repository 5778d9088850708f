import type { Provider, providersApi } from "#core/contract/llm-providers"
import type { BodyOf } from "#core/contract/endpoint"
import { newId, type ProviderId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as providers from "#worker/db/llm-providers"
import { sealKey, type ProviderSettings } from "./credentials.ts"
import { assertWhole, providerOf } from "./shape.ts"

/** Adds a provider. Its API key goes into the vault and never comes out again by this door. */
export async function createProvider(
  ctx: Ctx,
  settings: ProviderSettings,
  body: BodyOf<typeof providersApi.create>,
): Promise<{ llm_provider: Provider }> {
  allow(ctx.actor, "provider.edit")
  const id = newId<ProviderId>("provider", ctx.now, ctx.chance)
  const at = isoTime(ctx.now)
  const secret = body.api_credentials?.api_key
  const sealed =
    secret === undefined ? { credentials: null, hint: null } : await sealKey(ctx, settings, id, secret)
  const row: providers.ProviderRow = {
    id,
    name: body.name,
    provider_type: body.provider_type,
    ...sealed,
    config: body.config,
    is_active: body.is_active,
    is_default: body.is_default ?? false,
    version: 1,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
  assertWhole(row, settings.EGRESS_ALLOW)
  const entry = audit(ctx, "provider.create", { target: id, after: providerOf(row) })
  const room = row.is_default ? [providers.yieldDefault(ctx.db, id, undefined)] : []
  const [first, ...rest] = [...room, providers.insert(row), entry]
  return commit(ctx, { llm_provider: providerOf(row) }, first, ...rest)
}
