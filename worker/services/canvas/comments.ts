import { actorId } from "#core/access/roles"
import type { Thread } from "#core/canvas/comment"
import type { canvasApi } from "#core/contract/canvas"
import type { BodyOf, ParamsOf, QueryOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { newId, type FlowId } from "#core/ids"
import type { Remark } from "#durable/canvas/remarks"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import type { Env } from "#worker/env"
import { ask, canvasStub } from "#worker/stubs"
import { refOf } from "./ref.ts"

/** What people say about a flow: all of it, what is open, or what is about one node. */
export async function listThreads(
  env: Env,
  ctx: Ctx,
  id: FlowId,
  { resolved, node_id }: QueryOf<typeof canvasApi.threads>,
): Promise<{ threads: Thread[] }> {
  allow(ctx.actor, "flow.read")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  const threads = await ask(canvasStub(env, ctx.tenant.id, id).threads())
  return {
    threads: threads.filter(
      (one) =>
        (resolved === undefined || (one.resolved_at !== null) === (resolved === "true")) &&
        (node_id === undefined || one.node_id === node_id),
    ),
  }
}

export async function beginThread(
  env: Env,
  ctx: Ctx,
  id: FlowId,
  { text, mentions, node_id, position }: BodyOf<typeof canvasApi.comment>,
) {
  const about = { node_id: node_id ?? null, position: position ?? null }
  const thread = newId<string>("thread", ctx.now, ctx.chance)
  return remark(env, ctx, id, { ...said(ctx, thread, text, mentions), about })
}

export const replyTo = (
  env: Env,
  ctx: Ctx,
  id: FlowId,
  thread: string,
  { text, mentions }: BodyOf<typeof canvasApi.reply>,
) => remark(env, ctx, id, said(ctx, thread, text, mentions))

export const resolveThread = (env: Env, ctx: Ctx, id: FlowId, thread: string, resolved: boolean) =>
  remark(env, ctx, id, { type: "resolve", thread, resolved, by: "", at: "" })

export const rewordComment = (
  env: Env,
  ctx: Ctx,
  { flow_id, thread_id, comment_id }: ParamsOf<typeof canvasApi.reword>,
  { text, mentions }: BodyOf<typeof canvasApi.reword>,
) =>
  remark(env, ctx, flow_id, {
    ...said(ctx, thread_id, text, mentions),
    type: "reword",
    id: comment_id,
  })

type Said = Extract<Remark, { type: "comment" }>

/** Who and when are the canvas's word. */
const said = (ctx: Ctx, thread: string, text: string, mentions: Said["mentions"]): Said => ({
  type: "comment",
  thread,
  id: newId<string>("comment", ctx.now, ctx.chance),
  text,
  mentions,
  by: "",
  at: "",
})

async function remark(env: Env, ctx: Ctx, id: FlowId, what: Remark): Promise<{ thread: Thread }> {
  allow(ctx.actor, "flow.edit")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  const by = actorId(ctx.actor)
  const thread = await ask(canvasStub(env, ctx.tenant.id, id).remark(refOf(ctx, id), what, by))
  const entry = audit(ctx, `flow.${what.type}`, { target: id, after: { thread: what.thread } }, true)
  return commit(ctx, { thread }, entry)
}
