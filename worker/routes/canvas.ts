import { canvasApi } from "#core/contract/canvas"
import { answer, routes } from "#worker/http/answer"
import {
  beginThread,
  listThreads,
  replyTo,
  resolveThread,
  rewordComment,
} from "#worker/services/canvas/comments"
import { listPeople } from "#worker/services/canvas/people"
import { unsayComment } from "#worker/services/canvas/unsay"
import { forgetNamed, getNamed, listNamed, nameVersion, restoreNamed } from "#worker/services/canvas/named"
import { openCanvas } from "#worker/services/canvas/open"

export const canvasRoutes = routes(
  answer(canvasApi.open, ({ ctx, env, params, query, request }) => {
    const isUpgrade = request.headers.get("upgrade")?.toLowerCase() === "websocket"
    return openCanvas(env, ctx, params.flow_id, query, isUpgrade)
  }),
  answer(canvasApi.namedVersions, ({ ctx, env, params }) => listNamed(env, ctx, params.flow_id)),
  answer(canvasApi.nameVersion, ({ ctx, env, params, body }) =>
    nameVersion(env, ctx, params.flow_id, body.name),
  ),
  answer(canvasApi.namedVersion, ({ ctx, env, params }) =>
    getNamed(env, ctx, params.flow_id, params.named_id),
  ),
  answer(canvasApi.restoreVersion, ({ ctx, env, params }) =>
    restoreNamed(env, ctx, params.flow_id, params.named_id),
  ),
  answer(canvasApi.forgetVersion, ({ ctx, env, params }) =>
    forgetNamed(env, ctx, params.flow_id, params.named_id),
  ),
  answer(canvasApi.threads, ({ ctx, env, params, query }) => listThreads(env, ctx, params.flow_id, query)),
  answer(canvasApi.comment, ({ ctx, env, params, body }) => beginThread(env, ctx, params.flow_id, body)),
  answer(canvasApi.reply, ({ ctx, env, params, body }) =>
    replyTo(env, ctx, params.flow_id, params.thread_id, body),
  ),
  answer(canvasApi.resolve, ({ ctx, env, params, body }) =>
    resolveThread(env, ctx, params.flow_id, params.thread_id, body.resolved),
  ),
  answer(canvasApi.reword, ({ ctx, env, params, body }) => rewordComment(env, ctx, params, body)),
  answer(canvasApi.unsay, ({ ctx, env, params }) => unsayComment(env, ctx, params)),
  answer(canvasApi.people, ({ ctx, params }) => listPeople(ctx, params.flow_id)),
)
