import { providersApi } from "#core/contract/llm-providers"
import { settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { createProvider } from "#worker/services/providers/create"
import { getProvider, listProviders } from "#worker/services/providers/read"
import { removeProvider, restoreProvider } from "#worker/services/providers/remove"
import { tryProvider } from "#worker/services/providers/try"
import { updateProvider } from "#worker/services/providers/update"

export const providerRoutes = routes(
  answer(providersApi.list, ({ ctx, query }) => listProviders(ctx, query)),
  answer(providersApi.create, ({ ctx, env, body }) => createProvider(ctx, settingsOf(env), body)),
  answer(providersApi.get, ({ ctx, params }) => getProvider(ctx, params.provider_id)),
  answer(providersApi.update, ({ ctx, env, params, body, ifMatch }) =>
    updateProvider(ctx, settingsOf(env), params.provider_id, ifMatch, body),
  ),
  answer(providersApi.remove, ({ ctx, params }) => removeProvider(ctx, params.provider_id)),
  answer(providersApi.restore, ({ ctx, params }) => restoreProvider(ctx, params.provider_id)),
  answer(providersApi.test, ({ ctx, env, params, request }) =>
    tryProvider(env, ctx, params.provider_id, request.signal),
  ),
)
