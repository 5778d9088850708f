import type { ChatSession } from "#core/contract/chat"
import { untitled } from "#core/chat/title"
import { found, unwrap, type Outcome } from "#core/errors"
import type { ChatId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as chats from "#worker/db/chats"
import type { Env } from "#worker/env"
import { chatStub, type ChatRoom } from "#worker/stubs"

/** Asks the object of a chat. Asking an object makes it, so that only what the tenant's index knows is asked. */
export async function inRoom<T>(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  ask: (room: ChatRoom) => Promise<Outcome<T>>,
): Promise<T> {
  const row = found(await chats.byId(ctx.db, id), "chat.not_found")
  const room = chatStub(env, ctx.tenant.id, id)
  const outcome = await ask(room)
  if (outcome.ok || outcome.code !== "chat.not_found") return unwrap(outcome)
  // It was written down, and we died before its object knew.
  await openRoom(env, ctx, row)
  return unwrap(await ask(room))
}

export const openRoom = async (env: Env, ctx: Ctx, row: ChatSession): Promise<ChatSession> => {
  const tenant = { id: ctx.tenant.id, slot: ctx.tenant.slot }
  return unwrap(await chatStub(env, tenant.id, row.id).open(tenant, row, row.title !== untitled))
}
