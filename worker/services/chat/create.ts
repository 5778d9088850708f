import { actorId } from "#core/access/roles"
import type { chatApi, ChatSession } from "#core/contract/chat"
import type { BodyOf } from "#core/contract/endpoint"
import { untitled } from "#core/chat/title"
import { newId, type ChatId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as chats from "#worker/db/chats"
import { commit } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { partnerOf } from "./partner.ts"
import { openRoom } from "./room.ts"

/** Begins a chat with an agent, a crew or a flow. */
export async function createChat(
  env: Env,
  ctx: Ctx,
  body: BodyOf<typeof chatApi.create>,
): Promise<{ session: ChatSession }> {
  allow(ctx.actor, "chat.write")
  const { agent_id = null, crew_id = null, flow_id = null, settings, title } = body
  const at = isoTime(ctx.now)
  const session: ChatSession = {
    id: newId<ChatId>("chat", ctx.now, ctx.chance),
    title: title ?? untitled,
    agent_id,
    crew_id,
    flow_id,
    partner: await partnerOf(ctx, body),
    settings: settings ?? { busy: "queue" },
    status: "idle",
    message_count: 0,
    cost_micros: 0,
    share_url: null,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
  }
  const entry = audit(ctx, "chat.create", {
    target: session.id,
    after: { agent_id, crew_id, flow_id },
  })
  await commit(ctx, { session }, chats.insert(ctx.db, session), chats.insertBeginner(session), entry)
  return { session: await openRoom(env, ctx, session) }
}
