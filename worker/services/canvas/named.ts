import { actorId } from "#core/access/roles"
import type { NamedVersion } from "#core/contract/canvas"
import { found } from "#core/errors"
import { NamedVersionId, newId, type FlowId } from "#core/ids"
import type { Named } from "#durable/canvas/store"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import type { Env } from "#worker/env"
import { ask, canvasStub } from "#worker/stubs"
import { refOf } from "./ref.ts"

const shown = ({ id, name, by, at, nodes }: Named): NamedVersion => ({
  id: NamedVersionId.parse(id),
  name,
  created_by: by,
  created_at: at,
  node_count: nodes,
})

/** The named versions of a flow, the newest first. */
export async function listNamed(env: Env, ctx: Ctx, id: FlowId) {
  allow(ctx.actor, "flow.read")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  const named = await ask(canvasStub(env, ctx.tenant.id, id).namedVersions())
  return { named_versions: named.map(shown) }
}

export async function getNamed(env: Env, ctx: Ctx, id: FlowId, named_id: NamedVersionId) {
  allow(ctx.actor, "flow.read")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  const { named, draft } = await ask(canvasStub(env, ctx.tenant.id, id).namedVersion(named_id))
  return { named_version: shown(named), draft }
}

/** Keeps the draft as it is now under a name. */
export async function nameVersion(env: Env, ctx: Ctx, id: FlowId, name: string) {
  allow(ctx.actor, "flow.edit")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  const wanted = {
    id: newId<NamedVersionId>("named", ctx.now, ctx.chance),
    name,
    by: actorId(ctx.actor),
    at: isoTime(ctx.now),
  }
  const named = await ask(canvasStub(env, ctx.tenant.id, id).nameVersion(refOf(ctx, id), wanted))
  const entry = audit(ctx, "flow.name_version", { target: id, after: { named: named.id, name } }, true)
  return commit(ctx, { named_version: shown(named) }, entry)
}

/** Makes the draft what it was when it was given that name. */
export async function restoreNamed(env: Env, ctx: Ctx, id: FlowId, named_id: NamedVersionId) {
  allow(ctx.actor, "flow.edit")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  const named = await ask(canvasStub(env, ctx.tenant.id, id).restoreVersion(refOf(ctx, id), named_id))
  const entry = audit(ctx, "flow.restore_version", { target: id, after: { named: named_id } }, true)
  return commit(ctx, { named_version: shown(named) }, entry)
}

export async function forgetNamed(env: Env, ctx: Ctx, id: FlowId, named_id: NamedVersionId): Promise<void> {
  allow(ctx.actor, "flow.edit")
  found(await flows.exists(ctx.db, id), "flow.not_found")
  await ask(canvasStub(env, ctx.tenant.id, id).forgetVersion(named_id))
  await commit(
    ctx,
    undefined,
    audit(ctx, "flow.forget_version", { target: id, before: { named: named_id } }, true),
  )
}
