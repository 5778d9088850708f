import * as z from "zod"
import type { chatApi, ChatMessage, ChatSession } from "#core/contract/chat"
import type { QueryOf, ReplyOf } from "#core/contract/endpoint"
import { Failure, unwrap } from "#core/errors"
import { ChatId, TenantId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, type Ctx, type PublicCtx } from "#worker/context"
import * as chats from "#worker/db/chats"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { tenantDb } from "#worker/db/tenant"
import { base64url, keyedDigest, sameSecret } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"
import { chatStub } from "#worker/stubs"
import { inRoom } from "./room.ts"

const Share = z.object({ t: TenantId, c: ChatId, n: z.string() })

/** An address by which anybody may read a chat; a new one each time. It ends with a token that nobody else can make. */
export async function shareChat(
  env: Env,
  ctx: Ctx,
  id: ChatId,
  origin: string,
): Promise<{ session: ChatSession }> {
  allow(ctx.actor, "chat.write")
  const share = { t: ctx.tenant.id, c: id, n: base64url(ctx.chance(16)) }
  const data = base64url(new TextEncoder().encode(JSON.stringify(share)))
  const share_url = `${origin}/shared-chats/${data}.${signature(env, data)}`
  return changed(env, ctx, id, share_url)
}

export async function unshareChat(env: Env, ctx: Ctx, id: ChatId): Promise<void> {
  allow(ctx.actor, "chat.write")
  await changed(env, ctx, id, null)
}

async function changed(env: Env, ctx: Ctx, id: ChatId, share_url: string | null) {
  allow(ctx.actor, "chat.write")
  const session = await inRoom(env, ctx, id, (room) => room.update({ share_url }))
  return commit(
    ctx,
    { session },
    chats.change(ctx.db, id, { share_url }),
    audit(ctx, share_url === null ? "chat.unshare" : "chat.share", { target: id }),
  )
}

const signature = (env: Env, data: string): string =>
  base64url(keyedDigest(settingsOf(env).PEPPER, `shared chat ${data}`))

/** A shared chat as anybody reads it: what was said and by which steps, and nothing that only the tenant should know. */
export async function readShared(
  env: Env,
  ctx: PublicCtx,
  token: string,
  { before, limit }: QueryOf<typeof chatApi.shared>,
): Promise<ReplyOf<typeof chatApi.shared>> {
  const [data = "", mac = "", ...more] = token.split(".")
  if (more.length > 0 || !sameSecret(mac, signature(env, data))) throw new Failure("chat.not_shared")
  const { t, c } = Share.parse(JSON.parse(Buffer.from(data, "base64url").toString()))
  const tenant = await identities.tenantById(await ctx.control(), t)
  if (!tenant) throw new Failure("chat.not_shared")
  const row = await chats.byId(await tenantDb(env, tenant.slot), c)
  // The object's word counts: whoever takes an address back need not wait for the index.
  const room = row && chatStub(env, t, c)
  const session = room && (await room.get())
  if (!room || !session?.ok || !session.value.share_url?.endsWith(`/${token}`)) {
    throw new Failure("chat.not_shared")
  }
  const { title, partner } = session.value
  const { messages, has_more } = unwrap(await room.branch(before, limit))
  return { title, partner, messages: messages.map(shown), has_more }
}

const shown = (message: ChatMessage): ChatMessage => ({
  ...message,
  author: message.role === "user" ? "" : message.author,
  execution_id: null,
  attached_flow_id: null,
  to_agent_id: null,
  error: message.error && { code: message.error.code, message: "This answer failed." },
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
  feedback: null,
  steps: message.steps.map((step) => ({
    ...step,
    // What an http step is titled with is an address of the tenant's.
    title: step.type === "tool" || step.type === "delegation" ? step.title.split(" ")[0]! : "",
    detail: null,
    result: null,
    approval_id: null,
    cost_micros: 0,
    input_tokens: 0,
    output_tokens: 0,
  })),
})
