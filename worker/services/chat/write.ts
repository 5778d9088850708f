import { actorId } from "#core/access/roles"
import type { chatApi, ChatMessage, ChatSession } from "#core/contract/chat"
import type { BodyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { newId, type ChatId, type MessageId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import { allow, type Ctx } from "#worker/context"
import * as chats from "#worker/db/chats"
import * as flows from "#worker/db/flows"
import { usableIn } from "#worker/db/shares"
import type { Env } from "#worker/env"
import { assertMember } from "./partner.ts"
import { inRoom } from "./room.ts"

type Accepted = { message_id: MessageId }

/** Whom this isolate has noted beside a chat: rows of it go with the chat alone. */
const noted = new BoundedCache<string, true>(10_000)
const notedMs = 600_000

/** Before the chat's object knows of a message it is noted who wrote it: by that a person's words are found again. */
async function noteAuthor({ db, now, actor }: Ctx, id: ChatId): Promise<void> {
  const author = actorId(actor)
  const key = `${id} ${author}`
  if (noted.get(key, now)) return
  await chats.noteAuthor(db, id, author)
  noted.set(key, true, now + notedMs)
}

const newMessageId = (ctx: Ctx): MessageId => newId<MessageId>("msg", ctx.now, ctx.chance)

/** Writes a message; it is answered in the stream. */
export async function sendMessage(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  { content, to_agent_id, attached_flow_id, parent_id }: BodyOf<typeof chatApi.send>,
): Promise<Accepted> {
  allow(ctx.actor, "chat.write")
  if (to_agent_id !== undefined) {
    await assertMember(ctx, await inRoom(env, ctx, id, (room) => room.get()), to_agent_id)
  }
  if (attached_flow_id !== undefined)
    found(await flows.byId(usableIn(ctx.db), attached_flow_id), "flow.not_found")
  const message = {
    id: newMessageId(ctx),
    content,
    author: actorId(ctx.actor),
    to_agent_id: to_agent_id ?? null,
    attached_flow_id: attached_flow_id ?? null,
    ...(parent_id === undefined ? {} : { parent_id }),
  }
  return inRoom(env, ctx, id, async (room) => {
    await noteAuthor(ctx, id)
    return room.send(message)
  })
}

/** Writes a message anew: a branch beside the old one. */
export async function editMessage(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  message: MessageId,
  content: string,
): Promise<Accepted> {
  allow(ctx.actor, "chat.write")
  const anew = { id: newMessageId(ctx), content, author: actorId(ctx.actor) }
  return inRoom(env, ctx, id, async (room) => {
    await noteAuthor(ctx, id)
    return room.edit(message, anew)
  })
}

/** Has a message answered once more: a branch beside the old answer. */
export async function retryMessage(env: Env, ctx: Ctx, id: ChatId, message: MessageId): Promise<Accepted> {
  allow(ctx.actor, "chat.write")
  return inRoom(env, ctx, id, (room) => room.retry(message, actorId(ctx.actor)))
}

export async function rateMessage(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  message: MessageId,
  feedback: ChatMessage["feedback"],
): Promise<{ message: ChatMessage }> {
  allow(ctx.actor, "chat.write")
  return { message: await inRoom(env, ctx, id, (room) => room.feedback(message, feedback)) }
}

/** Stops the answer under way, and those that wait for their turn. */
export async function stopChat(env: Env, ctx: Ctx, id: ChatId): Promise<{ session: ChatSession }> {
  allow(ctx.actor, "chat.write")
  return { session: await inRoom(env, ctx, id, (room) => room.stop()) }
}
