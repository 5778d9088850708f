import type { ChatMessage } from "#core/contract/chat"
import type { ChatId, FlowId, MessageId } from "#core/ids"
import type { Ctx } from "#worker/context"
import { chatsWith, idsOf } from "#worker/db/person"
import type { Env } from "#worker/env"
import { ask, canvasStub, chatStub } from "#worker/stubs"

const mostAPage = 200

type Where = Pick<Ctx, "db" | "tenant">

/** What somebody said in chats, whoever began them. */
export async function* messagesBy(
  env: Env,
  { db, tenant }: Where,
  names: ReadonlySet<string>,
): AsyncGenerator<object[]> {
  for await (const chat_id of chatsWith(db, names)) {
    for await (const page of messagesIn(env, tenant.id, chat_id)) {
      const said = page.filter(({ role, author }) => role === "user" && names.has(author))
      if (said.length > 0)
        yield said.map(({ id, content, author, created_at }) => ({
          chat_id,
          id,
          author,
          content,
          created_at,
        }))
    }
  }
}

async function* messagesIn(env: Env, tenant: Ctx["tenant"]["id"], id: ChatId): AsyncGenerator<ChatMessage[]> {
  const room = chatStub(env, tenant, id)
  for (let before: MessageId | undefined; ;) {
    const outcome = await room.messages({ before }, mostAPage)
    // One that never opened, or that was deleted meanwhile, has nothing to say.
    if (!outcome.ok) return
    yield outcome.value.messages
    before = outcome.value.messages.at(-1)?.id
    if (!outcome.value.has_more || before === undefined) return
  }
}

/** What somebody said about flows, and the states of flows that they gave a name to. */
export async function* remarksBy(
  env: Env,
  { db, tenant }: Where,
  names: ReadonlySet<string>,
): AsyncGenerator<object[]> {
  for await (const flow_id of idsOf<FlowId>(db, "flows", "has_canvas = 1")) {
    const canvas = canvasStub(env, tenant.id, flow_id)
    const threads = await ask(canvas.threads())
    const comments = threads.flatMap(({ id, comments: said }) =>
      said
        .filter(({ by }) => names.has(by))
        .map(({ at, text, id: comment }) => ({ flow_id, thread: id, comment, text, at })),
    )
    const named = (await ask(canvas.namedVersions()))
      .filter(({ by }) => names.has(by))
      .map(({ id, name, at }) => ({ flow_id, named_version: id, text: name, at }))
    if (comments.length + named.length > 0) yield [...comments, ...named]
  }
}
