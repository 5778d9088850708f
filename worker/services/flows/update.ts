import type { Flow, FlowDraft } from "#core/contract/flows"
import { found } from "#core/errors"
import type { Finding, FlowGraph } from "#core/flow/graph"
import type { FlowId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import { forgetFrozen } from "#worker/services/executions/frozen"
import { assertSize, digestOfGraph, flowOf, graphOf } from "./shape.ts"
import { findingsOf } from "#worker/services/flow-parts/references"

/** Saves the draft. `was` is the version that the caller read, when it said so. */
export async function updateFlow(
  ctx: Ctx,
  id: FlowId,
  was: number | undefined,
  draft: FlowDraft,
): Promise<{ flow: Flow; findings: Finding[] }> {
  allow(ctx.actor, "flow.edit")
  assertSize(draft)
  const row = found(await flows.byId(ctx.db, id), "flow.not_found")
  assertVersion(row.version, was)
  return saveDraft(
    ctx,
    row,
    { name: draft.name, description: draft.description },
    graphOf(draft),
    "flow.update",
  )
}

/** Replaces the draft's graph, and says so in the audit log. */
export async function saveDraft(
  ctx: Ctx,
  row: flows.FlowRow,
  named: { name: string; description: string },
  graph: FlowGraph,
  action: string,
): Promise<{ flow: Flow; findings: Finding[] }> {
  allow(ctx.actor, "flow.edit")
  const change = {
    ...named,
    ...flows.graphColumns(graph, digestOfGraph(graph)),
    updated_at: isoTime(ctx.now),
  }
  const saved = { ...row, ...change, version: row.version + 1 }
  const facts = (one: flows.FlowRow) => ({
    name: one.name,
    nodes: one.node_count,
    version: one.version,
    digest: one.graph_digest,
  })
  const reply = await commit(
    ctx,
    { flow: flowOf(saved), findings: await findingsOf(ctx, row.id, graph) },
    flows.save(ctx.db, row.id, row.version, change),
    audit(ctx, action, { target: row.id, before: facts(row), after: facts(saved) }),
  )
  forgetFrozen(ctx, row.id)
  return reply
}
