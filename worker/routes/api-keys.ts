import { apiKeysApi } from "#core/contract/api-keys"
import { answer, routes } from "#worker/http/answer"
import { createKey } from "#worker/services/keys/create"
import { listKeys } from "#worker/services/keys/list"
import { revokeKey } from "#worker/services/keys/revoke"

export const apiKeyRoutes = routes(
  answer(apiKeysApi.list, ({ ctx, query }) => listKeys(ctx, query)),
  answer(apiKeysApi.create, ({ ctx, body }) => createKey(ctx, body), { once: true }),
  answer(apiKeysApi.remove, ({ ctx, params }) => revokeKey(ctx, params.key_id)),
)
