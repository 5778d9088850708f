import type { Provider, providersApi } from "#core/contract/llm-providers"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { ProviderId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as providers from "#worker/db/llm-providers"
import { providerOf } from "./shape.ts"

/** A page of the tenant's providers. */
export async function listProviders(
  ctx: Ctx,
  query: QueryOf<typeof providersApi.list>,
): Promise<ReplyOf<typeof providersApi.list>> {
  allow(ctx.actor, "provider.read")
  const { rows, total } = await providers.list(ctx.db, query)
  return { llm_providers: rows.map(providerOf), total, page_info: pageInfo(query.page, query.limit, total) }
}

export async function getProvider(ctx: Ctx, id: ProviderId): Promise<{ llm_provider: Provider }> {
  allow(ctx.actor, "provider.read")
  return { llm_provider: providerOf(found(await providers.byId(ctx.db, id), "provider.not_found")) }
}
