import { credentialsApi } from "#core/contract/credentials"
import { settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { createCredential } from "#worker/services/credentials/create"
import { getCredential, listCredentials } from "#worker/services/credentials/read"
import { removeCredential, restoreCredential } from "#worker/services/credentials/remove"
import { updateCredential } from "#worker/services/credentials/update"

export const credentialRoutes = routes(
  answer(credentialsApi.list, ({ ctx, query }) => listCredentials(ctx, query)),
  answer(credentialsApi.create, ({ ctx, env, body }) => createCredential(ctx, settingsOf(env), body)),
  answer(credentialsApi.get, ({ ctx, params }) => getCredential(ctx, params.credential_id)),
  answer(credentialsApi.update, ({ ctx, env, params, body, ifMatch }) =>
    updateCredential(ctx, settingsOf(env), params.credential_id, ifMatch, body),
  ),
  answer(credentialsApi.remove, ({ ctx, params }) => removeCredential(ctx, params.credential_id)),
  answer(credentialsApi.restore, ({ ctx, params }) => restoreCredential(ctx, params.credential_id)),
)
