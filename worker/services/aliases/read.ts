import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { aliasesApi, ModelAlias } from "#core/contract/model-aliases"
import { found } from "#core/errors"
import type { AliasId } from "#core/ids"
import { priceTable } from "#core/llm/price"
import { allow, type Ctx } from "#worker/context"
import * as aliases from "#worker/db/model-aliases"
import { aliasOf } from "./shape.ts"

/** A page of the tenant's aliases. */
export async function listAliases(
  ctx: Ctx,
  query: QueryOf<typeof aliasesApi.list>,
): Promise<ReplyOf<typeof aliasesApi.list>> {
  allow(ctx.actor, "provider.read")
  const { rows, total } = await aliases.list(ctx.db, query)
  return { model_aliases: rows.map(aliasOf), total, page_info: pageInfo(query.page, query.limit, total) }
}

export async function getAlias(ctx: Ctx, id: AliasId): Promise<{ model_alias: ModelAlias }> {
  allow(ctx.actor, "provider.read")
  return { model_alias: aliasOf(found(await aliases.byId(ctx.db, id), "alias.not_found")) }
}

/** The price table by which calls are paid for. */
export function listPrices(ctx: Ctx): ReplyOf<typeof aliasesApi.prices> {
  allow(ctx.actor, "provider.read")
  const prices = Object.entries(priceTable.prices).map(([key, price]) => {
    const slash = key.indexOf("/")
    const { input, output, cache_read = null, cache_write = null, reasoning = null } = price
    const [provider_type, model] = [key.slice(0, slash), key.slice(slash + 1)]
    return { provider_type, model, input, output, cache_read, cache_write, reasoning }
  })
  return { version: priceTable.version, prices }
}
