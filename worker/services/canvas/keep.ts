import type { Actor } from "#core/access/roles"
import { done, Failure, refused, type Outcome } from "#core/errors"
import { UserId, type FlowId } from "#core/ids"
import type { FlowRef, Row, Saving } from "#durable/canvas/ports"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import type { Env } from "#worker/env"
import { forgetFrozen } from "#worker/services/executions/frozen"
import { systemCtx } from "#worker/services/executions/follow"
import { assertSize, digestOfGraph, graphOf } from "#worker/services/flows/shape"

/** The draft that a canvas begins with; from then on the flow's row is its copy. */
export async function loadDraft(env: Env, { tenant, flow }: FlowRef): Promise<Outcome<Row>> {
  const ctx = await systemCtx(env, tenant)
  const row = await flows.byId(ctx.db, flow)
  if (!row) return refused("flow.not_found")
  if (!row.has_canvas) await markCanvas(ctx, flow)
  const { version, name, description, graph } = row
  return done({ version, draft: { name, description, ...graph } })
}

async function markCanvas(ctx: Ctx, id: FlowId): Promise<void> {
  allow(ctx.actor, "flow.edit")
  await commit(ctx, undefined, flows.markCanvas(ctx.db, id), audit(ctx, "flow.canvas_open", { target: id }))
}

/** Writes a canvas's draft into the flow's row, and into the audit log whose edits are in it. */
export async function saveCanvas(
  env: Env,
  { tenant, flow }: FlowRef,
  { was, draft, by, edits }: Saving,
): Promise<Outcome<{ version: number }>> {
  const ctx = await systemCtx(env, tenant)
  const row = await flows.byId(ctx.db, flow)
  if (!row) return refused("flow.not_found")
  if (row.version !== was) return refused("conflict.stale")
  try {
    const reply = await keepDraft(ctx, row, draft, { by, edits })
    forgetFrozen(ctx, flow)
    return done(reply)
  } catch (error) {
    if (error instanceof Failure) return refused(error.code, error.more)
    throw error
  }
}

async function keepDraft(
  ctx: Ctx,
  row: flows.FlowRow,
  draft: Saving["draft"],
  { by, edits }: Pick<Saving, "by" | "edits">,
): Promise<{ version: number }> {
  allow(ctx.actor, "flow.edit")
  assertSize(draft)
  const graph = graphOf(draft)
  const change = {
    name: draft.name,
    description: draft.description,
    ...flows.graphColumns(graph, digestOfGraph(graph)),
    updated_at: isoTime(ctx.now),
  }
  const version = row.version + 1
  const before = { version: row.version, digest: row.graph_digest }
  const after = { version, digest: change.graph_digest, nodes: change.node_count, by, edits }
  // One person's edits are that person's deed; those of several are the canvas's, which names them.
  const only = UserId.safeParse(by.length === 1 ? by[0] : undefined)
  const actor: Actor = only.success ? { is: "user", id: only.data, role: "editor" } : ctx.actor
  return commit(
    ctx,
    { version },
    flows.save(ctx.db, row.id, row.version, change),
    audit({ ...ctx, actor }, "flow.canvas_save", { target: row.id, before, after }),
  )
}
