import { formsApi } from "#core/contract/triggers"
import { originFor, settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { readForm, submitForm } from "#worker/services/triggers/forms"

export const formRoutes = routes(
  answer(formsApi.get, ({ ctx, env, params }) => readForm(env, ctx, params.token)),
  answer(formsApi.submit, ({ ctx, env, params, body, url }) =>
    submitForm(env, ctx, settingsOf(env), {
      token: params.token,
      inputs: body.inputs,
      origin: originFor(env, url),
    }),
  ),
)
