import { executionsApi } from "#core/contract/executions"
import { originFor } from "#worker/env"
import { answer, routes, type Call } from "#worker/http/answer"
import { lastEventId } from "#worker/http/last-event-id"
import type { Reply } from "#worker/http/reply"
import { cancelExecution } from "#worker/services/executions/cancel"
import { getExecution, listEvents, listExecutions, streamExecution } from "#worker/services/executions/read"
import { retryExecution } from "#worker/services/executions/retry"
import { startExecution } from "#worker/services/executions/start"
import { keyOf, startedReply, waitOf, wantsStream } from "./started.ts"

export const executionRoutes = routes(
  answer(executionsApi.execute, execute),
  answer(executionsApi.list, ({ ctx, query }) => listExecutions(ctx, query)),
  answer(executionsApi.get, ({ ctx, env, params }) => getExecution(env, ctx, params.execution_id)),
  answer(executionsApi.events, ({ ctx, env, params, query }) =>
    listEvents(env, ctx, params.execution_id, query),
  ),
  answer(executionsApi.stream, ({ ctx, env, params, query, request }) => {
    const upgrade =
      request.headers.get("upgrade")?.toLowerCase() === "websocket"
        ? new Headers({ upgrade: "websocket" })
        : undefined
    return streamExecution(env, ctx, params.execution_id, {
      after: query.after ?? lastEventId(request.headers),
      upgrade,
      presence: query.presence === "1",
    })
  }),
  answer(executionsApi.cancel, ({ ctx, env, params }) => cancelExecution(env, ctx, params.execution_id)),
  answer(executionsApi.retry, ({ ctx, env, params, body }) =>
    retryExecution(env, ctx, params.execution_id, body.from),
  ),
)

/** 202 at once; 200 with the outputs when the caller waits and it ends in time; the stream itself when the caller accepts that. */
async function execute(call: Call<typeof executionsApi.execute>): Promise<Reply | Response> {
  const { ctx, env, params, body, request, url } = call
  const waitMs = waitOf(request.headers)
  const started = await startExecution(env, ctx, params.flow_id, body, {
    waitMs,
    origin: originFor(env, url),
    idempotency: keyOf(call, params.flow_id),
  })
  if (wantsStream(request.headers)) return streamExecution(env, ctx, started.execution_id, { after: 0 })
  return startedReply(started, waitMs)
}
