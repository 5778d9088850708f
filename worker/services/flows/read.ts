import type { flowsApi, FlowSummary } from "#core/contract/flows"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { diffGraphs, type GraphDiff } from "#core/flow/diff"
import type { FlowGraph } from "#core/flow/graph"
import { standingOf, type ReviewFacts } from "#core/flow/review"
import { isValid } from "#core/flow/finding"
import { reachOf } from "#core/access/shares"
import type { FlowId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import { findingsOf } from "#worker/services/flow-parts/references"
import { flowOf } from "./shape.ts"

/** A page of the tenant's flows. */
export async function listFlows(
  ctx: Ctx,
  query: QueryOf<typeof flowsApi.list>,
): Promise<ReplyOf<typeof flowsApi.list>> {
  allow(ctx.actor, "flow.read")
  const { rows, total } = await flows.list(ctx.db, query)
  const summaries = rows.map(({ graph_digest, published_digest, last_execution, reviews, ...row }) => {
    const has_unpublished_changes = row.published_version === null || graph_digest !== published_digest
    const asked = has_unpublished_changes ? (JSON.parse(reviews) as ReviewFacts[]) : []
    return {
      ...row,
      has_unpublished_changes,
      review: standingOf(asked, { digest: graph_digest, published_version: row.published_version }).standing,
      last_execution:
        last_execution === null ? null : (JSON.parse(last_execution) as FlowSummary["last_execution"]),
    }
  })
  return { flows: summaries, total, page_info: pageInfo(query.page, query.limit, total) }
}

/** A flow with its versions and what is wrong with its draft. */
export async function getFlow(ctx: Ctx, id: FlowId) {
  allow(ctx.actor, "flow.read")
  const [row, versions] = await Promise.all([flows.byId(ctx.db, id), flows.versionsOf(ctx.db, id)])
  const flow = found(row, "flow.not_found")
  const reach = reachOf(ctx.actor, "flow.edit")
  return { flow: flowOf(flow), versions, findings: await findingsOf(ctx, id, flow.graph), reach }
}

export async function validateDraft(ctx: Ctx, id: FlowId) {
  allow(ctx.actor, "flow.read")
  const { graph } = found(await flows.byId(ctx.db, id), "flow.not_found")
  const findings = await findingsOf(ctx, id, graph)
  return { valid: isValid(findings), findings }
}

export async function listVersions(ctx: Ctx, id: FlowId) {
  allow(ctx.actor, "flow.read")
  found(await flows.byId(ctx.db, id), "flow.not_found")
  return { versions: await flows.versionsOf(ctx.db, id) }
}

/** One published version, whole. */
export async function getVersion(ctx: Ctx, id: FlowId, number: number) {
  allow(ctx.actor, "flow.read")
  found(await flows.byId(ctx.db, id), "flow.not_found")
  const { graph, version, created_by, created_at, note } = found(
    await flows.versionOf(ctx.db, id, number),
    "flow.version_not_found",
  )
  return { version: { version, created_by, created_at, note, ...graph } }
}

/** What differs between a version and another, or the draft. */
export async function diffFlow(ctx: Ctx, id: FlowId, from: number, to: number | "draft"): Promise<GraphDiff> {
  allow(ctx.actor, "flow.read")
  const flow = found(await flows.byId(ctx.db, id), "flow.not_found")
  const graph = async (version: number | "draft"): Promise<FlowGraph> =>
    version === "draft"
      ? flow.graph
      : found(await flows.versionOf(ctx.db, id, version), "flow.version_not_found").graph
  return diffGraphs(await graph(from), await graph(to))
}
