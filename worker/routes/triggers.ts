import { triggersApi } from "#core/contract/triggers"
import { originFor, settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { createTrigger } from "#worker/services/triggers/create"
import { redeliver, testTrigger } from "#worker/services/triggers/fire-now"
import { heardByTrigger, listenToTrigger } from "#worker/services/triggers/listen"
import { getTrigger, listDeliveries, listTriggers, previewSchedule } from "#worker/services/triggers/read"
import { removeTrigger, restoreTrigger } from "#worker/services/triggers/remove"
import { rotateTrigger } from "#worker/services/triggers/rotate"
import { updateTrigger } from "#worker/services/triggers/update"

/** Answers of these may hold a secret that is shown only once. */
const once = { once: true } as const

export const triggerRoutes = routes(
  answer(triggersApi.list, ({ ctx, env, query }) => listTriggers(ctx, settingsOf(env), query)),
  answer(triggersApi.create, ({ ctx, env, body }) => createTrigger(env, ctx, settingsOf(env), body), once),
  answer(triggersApi.previewSchedule, ({ ctx, body }) => previewSchedule(ctx, body)),
  answer(triggersApi.get, ({ ctx, env, params }) => getTrigger(ctx, settingsOf(env), params.trigger_id)),
  answer(
    triggersApi.update,
    ({ ctx, env, params, body, ifMatch }) =>
      updateTrigger(env, ctx, settingsOf(env), params.trigger_id, ifMatch, body),
    once,
  ),
  answer(triggersApi.remove, ({ ctx, env, params }) => removeTrigger(env, ctx, params.trigger_id)),
  answer(triggersApi.restore, ({ ctx, env, params }) =>
    restoreTrigger(env, ctx, settingsOf(env), params.trigger_id),
  ),
  answer(
    triggersApi.rotate,
    ({ ctx, env, params, body }) => rotateTrigger(ctx, settingsOf(env), params.trigger_id, body),
    once,
  ),
  answer(triggersApi.test, ({ ctx, env, params, body, url }) =>
    testTrigger(env, ctx, params.trigger_id, body.body, originFor(env, url)),
  ),
  answer(triggersApi.listen, ({ ctx, params, body }) => listenToTrigger(ctx, params.trigger_id, body)),
  answer(triggersApi.heard, ({ ctx, params, query }) => heardByTrigger(ctx, params.trigger_id, query.wait)),
  answer(triggersApi.deliveries, ({ ctx, params, query }) => listDeliveries(ctx, params.trigger_id, query)),
  answer(triggersApi.redeliver, ({ ctx, env, params, url }) =>
    redeliver(env, ctx, params.trigger_id, params.delivery_id, originFor(env, url)),
  ),
)
