import { secretsApi } from "#core/contract/secrets"
import { settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { rotateSecrets } from "#worker/services/secrets/rotate"

export const secretRoutes = routes(
  answer(secretsApi.rotate, ({ ctx, env }) => rotateSecrets(ctx, settingsOf(env))),
)
