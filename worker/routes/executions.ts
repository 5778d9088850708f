import { executionsApi } from "#core/contract/executions"
import { actorId } from "#core/access/roles"
import { Failure } from "#core/errors"
import { originFor } from "#worker/env"
import { digestOf } from "#worker/digest"
import { answer, routes, type Call } from "#worker/http/answer"
import { lastEventId } from "#worker/http/last-event-id"
import { Reply } from "#worker/http/reply"
import { cancelExecution } from "#worker/services/executions/cancel"
import { getExecution, listEvents, listExecutions, streamExecution } from "#worker/services/executions/read"
import { retryExecution } from "#worker/services/executions/retry"
import type { StartOptions } from "#worker/services/executions/beginning"
import { startExecution } from "#worker/services/executions/start"

const mostWaitSeconds = 60

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
  const wantsStream = request.headers.get("accept")?.includes("text/event-stream") ?? false
  const waitMs = wantsStream ? 0 : waitOf(request.headers)
  const started = await startExecution(env, ctx, params.flow_id, body, {
    waitMs,
    origin: originFor(env, url),
    idempotency: keyOf(call),
  })
  if (wantsStream) return streamExecution(env, ctx, started.execution_id, { after: 0 })
  const { execution_id, status, outputs, error } = started
  const hasEnded = waitMs > 0 && (outputs !== undefined || error !== undefined || status === "cancelled")
  const place = { location: `/api/v1/executions/${execution_id}` }
  if (!hasEnded) return new Reply({ execution_id, status }, { status: 202, headers: place })
  const said = { execution_id, status, outputs: outputs ?? null, ...(error === undefined ? {} : { error }) }
  return new Reply(said, {
    status: 200,
    headers: { ...place, "preference-applied": `wait=${waitMs / 1000}` },
  })
}

/** RFC 7240: `Prefer: wait=30`. */
function waitOf(headers: Headers): number {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec(headers.get("prefer") ?? "")?.[1]
  return Math.min(Number(seconds ?? 0), mostWaitSeconds) * 1000
}

/** A key is remembered by the lane that it hashes to, with what was asked: the flow and the body. */
function keyOf({
  ctx,
  params,
  text,
  request,
}: Call<typeof executionsApi.execute>): StartOptions["idempotency"] {
  const key = request.headers.get("idempotency-key")
  if (key === null) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Failure("request.invalid", {
      errors: [{ path: "Idempotency-Key", message: "Use 1 to 255 visible ASCII characters" }],
    })
  }
  return { key: digestOf([actorId(ctx.actor), params.flow_id, key].join(" ")), digest: digestOf(text) }
}
