import type { chatApi, ChatSession } from "#core/contract/chat"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import type { ChatId } from "#core/ids"
import type { Audience } from "#durable/chat/log"
import { withPass } from "#durable/kit/pass"
import { allow, type Ctx } from "#worker/context"
import * as chats from "#worker/db/chats"
import type { Env } from "#worker/env"
import { passOf } from "#worker/services/auth/may-stay"
import { chatStub } from "#worker/stubs"
import { inRoom, openRoom } from "./room.ts"

/** A page of the tenant's chats. */
export async function listChats(
  ctx: Ctx,
  query: QueryOf<typeof chatApi.list>,
): Promise<ReplyOf<typeof chatApi.list>> {
  allow(ctx.actor, "chat.read")
  const { rows, hits, total } = await chats.list(ctx.db, query)
  return { sessions: rows, hits, total, page_info: pageInfo(query.page, query.limit, total) }
}

export async function getChat(env: Env, ctx: Ctx, id: ChatId): Promise<{ session: ChatSession }> {
  allow(ctx.actor, "chat.read")
  return { session: await inRoom(env, ctx, id, (room) => room.get()) }
}

/** A chat's messages, the last ones first. */
export async function listMessages(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  { limit, ...range }: QueryOf<typeof chatApi.messages>,
): Promise<ReplyOf<typeof chatApi.messages>> {
  allow(ctx.actor, "chat.read")
  const { session: _, ...page } = await inRoom(env, ctx, id, (room) => room.messages(range, limit))
  return page
}

/** What happens in a chat, after an event: server-sent events, or a WebSocket when the request asks for one. */
export async function streamChat(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  after: number,
  upgrade: Headers | undefined,
): Promise<Response> {
  allow(ctx.actor, "chat.read")
  return streamFor(env, ctx, id, "all", after, upgrade)
}

export async function streamFor(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  audience: Audience,
  after: number,
  upgrade?: Headers,
): Promise<Response> {
  const row = found(await chats.byId(ctx.db, id), "chat.not_found")
  const request = () =>
    new Request(
      `https://chat/${audience}?after=${after}`,
      upgrade ? { headers: withPass(upgrade, passOf(ctx, "chat.read")) } : {},
    )
  const room = chatStub(env, ctx.tenant.id, id)
  const response = await room.fetch(request())
  if (response.status !== 404) return response
  await openRoom(env, ctx, row)
  const again = await room.fetch(request())
  if (again.status === 404) throw new Failure("chat.not_found")
  return again
}
