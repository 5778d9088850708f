import type { executionsApi } from "#core/contract/executions"
import { actorId } from "#core/access/roles"
import { pageInfo, type QueryOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import { withPass } from "#durable/kit/pass"
import { allow, type Ctx } from "#worker/context"
import * as executions from "#worker/db/executions"
import * as identities from "#worker/db/identities"
import type { Env } from "#worker/env"
import { passOf } from "#worker/services/auth/may-stay"
import { ask } from "#worker/stubs"
import { coordinatorOf } from "./find.ts"

/** A page of the tenant's executions. */
export async function listExecutions(ctx: Ctx, query: QueryOf<typeof executionsApi.list>) {
  allow(ctx.actor, "execution.read")
  const { rows, total } = await executions.list(ctx.db, query)
  return { executions: rows, total, page_info: pageInfo(query.page, query.limit, total) }
}

/** One execution with its nodes and logs, from the object that coordinates it. */
export async function getExecution(env: Env, ctx: Ctx, id: ExecutionId) {
  allow(ctx.actor, "execution.read")
  return ask((await coordinatorOf(env, ctx, id)).get(id))
}

/** A part of the journal. */
export async function listEvents(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  query: QueryOf<typeof executionsApi.events>,
) {
  allow(ctx.actor, "execution.read")
  return ask((await coordinatorOf(env, ctx, id)).events(id, query.after, query.limit))
}

type StreamOptions = {
  after: number
  upgrade?: Headers | undefined
  /** Whether the caller is named to the others who watch, and they to the caller. */
  presence?: boolean
}

/** The journal as it grows, after an event: server-sent events, or a WebSocket when the request asks for one. */
export async function streamExecution(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  { after, upgrade, presence = false }: StreamOptions,
): Promise<Response> {
  allow(ctx.actor, "execution.read")
  const query = new URLSearchParams({ after: String(after), ...(presence ? await viewerIn(ctx) : {}) })
  const request = new Request(
    `https://execution/${id}?${query.toString()}`,
    upgrade ? { headers: withPass(upgrade, passOf(ctx, "execution.read")) } : {},
  )
  const response = await (await coordinatorOf(env, ctx, id)).fetch(request)
  if (response.status === 404) throw new Failure("execution.not_found")
  return response
}

/** The caller as others see who watches. */
async function viewerIn(ctx: Ctx): Promise<{ viewer_id: string; viewer_name: string }> {
  const { actor } = ctx
  const viewer_id = actorId(actor)
  if (actor.is !== "user") return { viewer_id, viewer_name: actor.is === "api_key" ? "API key" : "System" }
  const person = await identities.byId(await ctx.control(), actor.id)
  return { viewer_id, viewer_name: person?.name || (person?.email ?? "") }
}
