import type { executionsApi } from "#core/contract/executions"
import { pageInfo, type QueryOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as executions from "#worker/db/executions"
import type { Env } from "#worker/env"
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

/** The journal as it grows, after an event: server-sent events, or a WebSocket when the request asks for one. */
export async function streamExecution(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  after: number,
  upgrade: Headers | undefined,
): Promise<Response> {
  allow(ctx.actor, "execution.read")
  const request = new Request(`https://execution/${id}?after=${after}`, upgrade ? { headers: upgrade } : {})
  const response = await (await coordinatorOf(env, ctx, id)).fetch(request)
  if (response.status === 404) throw new Failure("execution.not_found")
  return response
}
