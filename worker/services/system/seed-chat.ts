import { crewExamples } from "#core/crew/examples"
import { listQuery } from "#core/contract/endpoint"
import type { Ctx } from "#worker/context"
import * as chats from "#worker/db/chats"
import * as crews from "#worker/db/crews"
import type { Env } from "#worker/env"
import { createChat } from "#worker/services/chat/create"
import { sendMessage } from "#worker/services/chat/write"

/** The crew that hands work on, which is what one wants to see of a chat. */
const partner = crewExamples.find(({ id }) => id === "newsroom")

/** An example chat, which the crew answers as it answers everybody; only into a tenant that never had one. */
export async function seedChat(env: Env, ctx: Ctx): Promise<void> {
  if (!partner || (await chats.hasAny(ctx.db))) return
  const query = listQuery(["created_at"]).parse({ search: partner.crew.name, sort: "created_at" })
  const { rows } = await crews.list(ctx.db, query)
  const crew = rows.find(({ name }) => name === partner.crew.name)
  const text = partner.sample_input["text"]
  if (!crew || typeof text !== "string") return
  const { session } = await createChat(env, ctx, { crew_id: crew.id, title: "An example: ask a whole crew" })
  await sendMessage(env, ctx, session.id, { content: text })
}
