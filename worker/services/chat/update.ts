import type { chatApi, ChatSession } from "#core/contract/chat"
import type { BodyOf } from "#core/contract/endpoint"
import type { ChatId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as chats from "#worker/db/chats"
import { commit } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { ask, chatStub } from "#worker/stubs"
import { inRoom } from "./room.ts"

/** Renames a chat, or changes how it takes messages while busy. */
export async function updateChat(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  body: BodyOf<typeof chatApi.update>,
): Promise<{ session: ChatSession }> {
  allow(ctx.actor, "chat.write")
  const { title, settings } = body
  const change = {
    ...(title === undefined ? {} : { title }),
    ...(settings === undefined ? {} : { settings }),
  }
  const session = await inRoom(env, ctx, id, (room) => room.update(change))
  const now = { title: session.title, settings: session.settings }
  return commit(
    ctx,
    { session },
    chats.change(ctx.db, id, now),
    audit(ctx, "chat.update", { target: id, after: change }),
  )
}

/** Deletes a chat: it is gone from every list, nobody can read it, and what was under way is stopped. */
export async function removeChat(env: Env, ctx: Ctx, id: ChatId): Promise<void> {
  allow(ctx.actor, "chat.write")
  await commit(
    ctx,
    undefined,
    chats.markDeleted(ctx.db, id, isoTime(ctx.now)),
    audit(ctx, "chat.delete", { target: id }),
  )
  // One that never opened has nothing to end.
  const removed = await chatStub(env, ctx.tenant.id, id).remove()
  if (!removed.ok && removed.code !== "chat.not_found") await ask(Promise.resolve(removed))
}
