import type { apiKeysApi } from "#core/contract/api-keys"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { allow, type Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import { keyOf } from "./shape.ts"

/** A page of the tenant's API keys that are not revoked. */
export async function listKeys(
  ctx: Ctx,
  query: QueryOf<typeof apiKeysApi.list>,
): Promise<ReplyOf<typeof apiKeysApi.list>> {
  allow(ctx.actor, "key.read")
  const { rows, total } = await apiKeys.list(await ctx.control(), ctx.tenant.id, query)
  return { api_keys: rows.map(keyOf), total, page_info: pageInfo(query.page, query.limit, total) }
}
