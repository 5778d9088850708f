import { chatApi } from "#core/contract/chat"
import { widgetApi } from "#core/contract/widget"
import { originFor } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { lastEventId } from "#worker/http/last-event-id"
import { createChat } from "#worker/services/chat/create"
import { getChat, listChats, listMessages, streamChat } from "#worker/services/chat/read"
import { readShared, shareChat, unshareChat } from "#worker/services/chat/share"
import { removeChat, updateChat } from "#worker/services/chat/update"
import { editMessage, rateMessage, retryMessage, sendMessage, stopChat } from "#worker/services/chat/write"
import {
  beginVisit,
  visitMessages,
  visitorSays,
  visitorStops,
  visitStream,
} from "#worker/services/widget/visit"

export const chatRoutes = routes(
  answer(chatApi.list, ({ ctx, query }) => listChats(ctx, query)),
  answer(chatApi.create, ({ ctx, env, body }) => createChat(env, ctx, body)),
  answer(chatApi.get, ({ ctx, env, params }) => getChat(env, ctx, params.chat_id)),
  answer(chatApi.update, ({ ctx, env, params, body }) => updateChat(env, ctx, params.chat_id, body)),
  answer(chatApi.remove, ({ ctx, env, params }) => removeChat(env, ctx, params.chat_id)),
  answer(chatApi.messages, ({ ctx, env, params, query }) => listMessages(env, ctx, params.chat_id, query)),
  answer(chatApi.send, ({ ctx, env, params, body }) => sendMessage(env, ctx, params.chat_id, body)),
  answer(chatApi.edit, ({ ctx, env, params, body }) =>
    editMessage(env, ctx, params.chat_id, params.message_id, body.content),
  ),
  answer(chatApi.retry, ({ ctx, env, params }) => retryMessage(env, ctx, params.chat_id, params.message_id)),
  answer(chatApi.feedback, ({ ctx, env, params, body }) =>
    rateMessage(env, ctx, params.chat_id, params.message_id, body.feedback),
  ),
  answer(chatApi.stop, ({ ctx, env, params }) => stopChat(env, ctx, params.chat_id)),
  answer(chatApi.stream, ({ ctx, env, params, query, request }) => {
    const isSocket = request.headers.get("upgrade")?.toLowerCase() === "websocket"
    const upgrade = isSocket ? new Headers({ upgrade: "websocket" }) : undefined
    return streamChat(env, ctx, params.chat_id, query.after ?? lastEventId(request.headers), upgrade)
  }),
  answer(
    chatApi.share,
    ({ ctx, env, params, url }) => shareChat(env, ctx, params.chat_id, originFor(env, url)),
    { once: true },
  ),
  answer(chatApi.unshare, ({ ctx, env, params }) => unshareChat(env, ctx, params.chat_id)),
  answer(chatApi.shared, ({ ctx, env, params, query }) => readShared(env, ctx, params.token, query)),
)

export const widgetRoutes = routes(
  answer(widgetApi.begin, ({ ctx, env }) => beginVisit(env, ctx), { once: true }),
  answer(widgetApi.messages, ({ ctx, env, query }) => visitMessages(env, ctx, query)),
  answer(widgetApi.send, ({ ctx, env, body }) => visitorSays(env, ctx, body)),
  answer(widgetApi.stop, ({ ctx, env }) => visitorStops(env, ctx)),
  answer(widgetApi.stream, ({ ctx, env, query, request }) =>
    visitStream(env, ctx, query.after ?? lastEventId(request.headers)),
  ),
)
