import { actorId, can } from "#core/access/roles"
import type { canvasApi } from "#core/contract/canvas"
import type { QueryOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import type { FlowId } from "#core/ids"
import type { Visitor } from "#durable/canvas/ports"
import type { Pass } from "#durable/canvas/ports"
import { refOf } from "./ref.ts"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import * as identities from "#worker/db/identities"
import type { Env } from "#worker/env"
import { isHeld } from "#worker/services/tenants/standing"
import { canvasStub } from "#worker/stubs"

/** Opens a flow's canvas: a socket to its object, which is told who comes and what they may do. */
export async function openCanvas(
  env: Env,
  ctx: Ctx,
  id: FlowId,
  { client, since }: QueryOf<typeof canvasApi.open>,
  isUpgrade: boolean,
): Promise<Response> {
  allow(ctx.actor, "flow.read")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  if (!isUpgrade) throw new Failure("canvas.no_upgrade")
  const visitor: Visitor = {
    ref: refOf(ctx, id),
    client,
    since,
    id: actorId(ctx.actor),
    name: await nameOf(ctx),
    may_edit: can(ctx.actor, "flow.edit") && !(await isHeld(ctx, ctx.tenant.id)),
    pass: passOf(ctx),
  }
  const headers = { upgrade: "websocket", "x-visitor": encodeURIComponent(JSON.stringify(visitor)) }
  const response = await canvasStub(env, ctx.tenant.id, id).fetch(new Request("https://canvas/", { headers }))
  if (response.status === 404) throw new Failure("flow.not_found")
  if (response.status === 409) throw new Failure("canvas.client_taken")
  return response
}

/** By what it can be asked later whether they still may. */
function passOf({ session, actor }: Ctx): Pass {
  if (session !== undefined) return { session }
  if (actor.is === "api_key") return { key: actor.id }
  throw new Failure("access.denied")
}

/** The caller as others see who is here. */
async function nameOf(ctx: Ctx): Promise<string> {
  if (ctx.actor.is !== "user") return "API key"
  const person = await identities.byId(await ctx.control(), ctx.actor.id)
  return person?.name || (person?.email ?? "")
}
