import type { Provider, providersApi } from "#core/contract/llm-providers"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import type { ProviderId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as providers from "#worker/db/llm-providers"
import { sealKey, type ProviderSettings } from "./credentials.ts"
import { forgetProviders } from "./resolve.ts"
import { assertWhole, providerOf } from "./shape.ts"

type Body = BodyOf<typeof providersApi.update>

/** Changes a provider; credentials that are not sent stay as they are. */
export async function updateProvider(
  ctx: Ctx,
  settings: ProviderSettings,
  id: ProviderId,
  was: number | undefined,
  body: Body,
): Promise<{ llm_provider: Provider }> {
  allow(ctx.actor, "provider.edit")
  const before = found(await providers.byId(ctx.db, id), "provider.not_found")
  assertVersion(before.version, was)
  const secret = body.api_credentials?.api_key
  const change = {
    name: body.name,
    provider_type: body.provider_type ?? before.provider_type,
    ...(secret === undefined ? {} : await sealKey(ctx, settings, id, secret)),
    config: body.config,
    is_active: body.is_active,
    is_default: body.is_default ?? before.is_default,
    updated_at: isoTime(ctx.now),
  }
  const after = { ...before, ...change, version: before.version + 1 }
  if (before.is_default && !after.is_default) throw new Failure("provider.in_use")
  assertWhole(after, settings.EGRESS_ALLOW)
  if (secret === undefined) assertSameReceiver(before, after)
  const room =
    after.is_default && !before.is_default ? [providers.yieldDefault(ctx.db, id, before.version)] : []
  const [first, ...rest] = [
    ...room,
    providers.save(ctx.db, id, before.version, change),
    audit(ctx, "provider.update", { target: id, before: providerOf(before), after: providerOf(after) }),
  ]
  const reply = await commit(ctx, { llm_provider: providerOf(after) }, first, ...rest)
  forgetProviders(ctx.tenant.id)
  return reply
}

/** A stored key goes only to whom it was given for: who changes the address must know the key. */
function assertSameReceiver(before: providers.ProviderRow, after: providers.ProviderRow): void {
  const receiver = ({ provider_type, config }: providers.ProviderRow) =>
    `${provider_type} ${config.base_url === undefined ? "" : new URL(config.base_url).origin}`
  if (before.credentials === null || receiver(before) === receiver(after)) return
  const message = "The address has changed. Enter the API key again, so that it is not sent to somebody else"
  throw new Failure("request.invalid", { errors: [{ path: "api_credentials.api_key", message }] })
}
