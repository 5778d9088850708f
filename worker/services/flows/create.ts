import type { Flow, FlowDraft } from "#core/contract/flows"
import { actorId } from "#core/access/roles"
import { validateFlow } from "#core/flow/validate"
import type { Finding } from "#core/flow/graph"
import { newId, type FlowId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import { assertSize, digestOfGraph, flowOf, graphOf } from "./shape.ts"

/** Creates a flow. A draft may be unfinished; what is wrong with it comes back as findings. */
export async function createFlow(ctx: Ctx, draft: FlowDraft): Promise<{ flow: Flow; findings: Finding[] }> {
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
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
  const entry = audit(ctx, "flow.create", {
    target: row.id,
    after: { name: row.name, nodes: row.node_count },
  })
  return commit(ctx, { flow: flowOf(row), findings: validateFlow(graph) }, flows.insert(row), entry)
}
