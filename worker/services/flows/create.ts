import type { Flow, FlowDraft } from "#core/contract/flows"
import { actorId } from "#core/access/roles"
import { validateFlow } from "#core/flow/validate"
import type { Finding } from "#core/flow/graph"
import { newId, type FlowId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit, type Statement } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import { settingsOf, type Env } from "#worker/env"
import { withinFlows } from "#worker/services/quotas/flows"
import { usualIn } from "#worker/services/quotas/limits"
import { assertSize, digestOfGraph, flowOf, graphOf } from "./shape.ts"

/** Creates a flow. A draft may be unfinished; what is wrong with it comes back as findings. */
export async function createFlow(
  env: Env,
  ctx: Ctx,
  draft: FlowDraft,
): Promise<{ flow: Flow; findings: Finding[] }> {
  allow(ctx.actor, "flow.edit")
  return creation(env, ctx, draft, (made) => made)
}

/** Creates a flow with what belongs to it, and answers with what `reply` makes of it: all in one commit. */
export async function creation<R>(
  env: Env,
  ctx: Ctx,
  draft: FlowDraft,
  reply: (made: { flow: Flow; findings: Finding[] }) => R,
  beside: (id: FlowId) => Statement[] = () => [],
): Promise<R> {
  allow(ctx.actor, "flow.edit")
  assertSize(draft)
  const graph = graphOf(draft)
  const at = isoTime(ctx.now)
  const row: flows.FlowRow = {
    id: newId<FlowId>("flow", ctx.now, ctx.chance),
    name: draft.name,
    description: draft.description,
    ...flows.graphColumns(graph, digestOfGraph(graph)),
    version: 1,
    last_version: 0,
    published_version: null,
    published_digest: null,
    has_canvas: false,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
  const entry = audit(ctx, "flow.create", {
    target: row.id,
    after: { name: row.name, nodes: row.node_count },
  })
  const answer = reply({ flow: flowOf(row), findings: validateFlow(graph) })
  const { flows: usual } = usualIn(settingsOf(env))
  return withinFlows(env, ctx, commit(ctx, answer, flows.insert(row, usual), ...beside(row.id), entry))
}
