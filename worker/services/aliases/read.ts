import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { aliasesApi, ModelAlias } from "#core/contract/model-aliases"
import { found } from "#core/errors"
import type { AliasId, ProviderId } from "#core/ids"
import { priceTable, type Price } from "#core/llm/price"
import { allow, type Ctx } from "#worker/context"
import * as providers from "#worker/db/llm-providers"
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

/** What calls are paid by: what the tenant has said of its own providers' models, then the table. */
export async function listPrices(ctx: Ctx): Promise<ReplyOf<typeof aliasesApi.prices>> {
  allow(ctx.actor, "provider.read")
  const own = (await providers.withPrices(ctx.db)).flatMap(({ id, provider_type, config }) =>
    Object.entries(config.prices ?? {}).map(([model, price]) => rowOf({ provider_type, model, id }, price)),
  )
  const listed = Object.entries(priceTable.prices).map(([key, price]) => {
    const slash = key.indexOf("/")
    return rowOf({ provider_type: key.slice(0, slash), model: key.slice(slash + 1), id: null }, price)
  })
  return { version: priceTable.version, prices: [...own, ...listed] }
}

type Priced = { provider_type: string; model: string; id: ProviderId | null }

const rowOf = ({ provider_type, model, id }: Priced, price: Price) => ({
  provider_type,
  llm_provider_id: id,
  model,
  input: price.input,
  output: price.output,
  cache_read: price.cache_read ?? null,
  cache_write: price.cache_write ?? null,
  reasoning: price.reasoning ?? null,
})
