import type { BodyOf, QueryOf, ReplyOf } from "#core/contract/endpoint"
import type { widgetApi } from "#core/contract/widget"
import { Failure, found } from "#core/errors"
import type { ChatId } from "#core/ids"
import { allow, isoTime, type Client, type Ctx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import { digestOf } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"
import { createChat } from "#worker/services/chat/create"
import { streamFor } from "#worker/services/chat/read"
import { inRoom } from "#worker/services/chat/room"
import { sendMessage, stopChat } from "#worker/services/chat/write"
import { visibleMessage } from "#durable/chat/log"
import { visitorToken } from "./token.ts"

const lifeMs = 7 * 24 * 3_600_000
const freeChats = 60

/** The one chat that a visitor's token opens. */
const chatOf = (ctx: Ctx): ChatId => found(ctx.visit?.c, "chat.not_found")

/** Begins a visitor's chat with the partner of the key that stands in the site's source. */
export async function beginVisit(
  env: Env,
  ctx: Ctx & { client: Client },
): Promise<ReplyOf<typeof widgetApi.begin>> {
  allow(ctx.actor, "chat.write")
  const { restrictions, actor } = ctx
  // Nobody but a site's key begins chats for visitors; a visitor has one already.
  if (!restrictions || actor.is !== "api_key" || ctx.visit) throw new Failure("chat.no_partner")
  await throttle(env, ctx, actor.id)
  const { origins: _, ...partner } = restrictions
  const { session } = await createChat(env, ctx, partner)
  const expires = ctx.now + lifeMs
  const token = visitorToken(env, { t: ctx.tenant.id, c: session.id, k: actor.id, x: expires })
  return { token, partner: session.partner, title: session.title, expires_at: isoTime(expires) }
}

/** So many from one address and then ever more slowly: the key is anybody's, and every chat costs. */
async function throttle(env: Env, ctx: Ctx & { client: Client }, key: string): Promise<void> {
  const free = settingsOf(env).QUOTAS["widget_free_chats"] ?? freeChats
  const name = digestOf(`widget:${key}:${ctx.client.address}`)
  const until = await attempts.take(await ctx.control(), name, ctx.now, free)
  if (until === undefined) return
  const retryAfterSeconds = Math.max(1, Math.ceil((until - ctx.now) / 1000))
  throw new Failure("chat.too_many", { retryAfterSeconds })
}

export async function visitMessages(
  env: Env,
  ctx: Ctx,
  { before, limit }: QueryOf<typeof widgetApi.messages>,
): Promise<ReplyOf<typeof widgetApi.messages>> {
  allow(ctx.actor, "chat.write")
  const page = await inRoom(env, ctx, chatOf(ctx), (room) => room.messages({ before }, limit))
  const { messages, has_more, last_seq, session } = page
  const { status, partner } = session
  return { messages: messages.map(visibleMessage), has_more, last_seq, status, partner }
}

export async function visitorSays(
  env: Env,
  ctx: Ctx,
  { content }: BodyOf<typeof widgetApi.send>,
): Promise<ReplyOf<typeof widgetApi.send>> {
  allow(ctx.actor, "chat.write")
  return sendMessage(env, ctx, chatOf(ctx), { content })
}

export async function visitorStops(env: Env, ctx: Ctx): Promise<void> {
  allow(ctx.actor, "chat.write")
  await stopChat(env, ctx, chatOf(ctx))
}

export async function visitStream(env: Env, ctx: Ctx, after: number): Promise<Response> {
  allow(ctx.actor, "chat.write")
  return streamFor(env, ctx, chatOf(ctx), "visitor", after)
}
