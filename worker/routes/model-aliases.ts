import { aliasesApi } from "#core/contract/model-aliases"
import { answer, routes } from "#worker/http/answer"
import { createAlias } from "#worker/services/aliases/create"
import { modelHealth } from "#worker/services/aliases/health"
import { getAlias, listAliases, listPrices } from "#worker/services/aliases/read"
import { removeAlias } from "#worker/services/aliases/remove"
import { updateAlias } from "#worker/services/aliases/update"

export const aliasRoutes = routes(
  answer(aliasesApi.list, ({ ctx, query }) => listAliases(ctx, query)),
  answer(aliasesApi.create, ({ ctx, body }) => createAlias(ctx, body)),
  answer(aliasesApi.get, ({ ctx, params }) => getAlias(ctx, params.alias_id)),
  answer(aliasesApi.update, ({ ctx, params, body, ifMatch }) =>
    updateAlias(ctx, params.alias_id, ifMatch, body),
  ),
  answer(aliasesApi.remove, ({ ctx, params }) => removeAlias(ctx, params.alias_id)),
  answer(aliasesApi.health, ({ ctx }) => modelHealth(ctx)),
  answer(aliasesApi.prices, ({ ctx }) => listPrices(ctx)),
)
