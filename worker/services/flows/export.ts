import type { flowsApi } from "#core/contract/flows"
import type { OriginFile } from "#core/contract/flow-exchange"
import type { ReplyOf } from "#core/contract/endpoint"
import type { Surroundings } from "#core/crew/crewai-reader"
import { Failure, found } from "#core/errors"
import type { ExchangeFormat } from "#core/exchange/format"
import { importDocument } from "#core/exchange/import"
import { readDocument } from "#core/exchange/read"
import { diffGraphs } from "#core/flow/diff"
import type { FlowId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import { surroundings } from "#worker/services/crews/import"

const nothing: Surroundings = { tool: () => undefined, model: () => undefined }

/** The flow as one file, which `import` makes an equal flow of; or the file that it was once imported from. */
export async function exportFlow(
  ctx: Ctx,
  id: FlowId,
  format: ExchangeFormat,
): Promise<ReplyOf<typeof flowsApi.export>> {
  allow(ctx.actor, "flow.read")
  const [row, origin] = await Promise.all([flows.byId(ctx.db, id), flows.originOf(ctx.db, id)])
  const flow = found(row, "flow.not_found")
  if (format !== "edgecrew.flow") {
    if (origin?.format !== format) throw new Failure("flow.no_original")
    // Which tools and models a crew's files mean is told by what there is today.
    return originFile(flow, origin, format === "crewai" ? await surroundings(ctx) : nothing)
  }
  const { name, description, graph } = flow
  return {
    format: "edgecrew.flow",
    format_version: 1,
    flow: { name, description, ...graph },
    ...(origin
      ? { origin: { format: origin.format, language: origin.language, content: origin.content } }
      : {}),
  }
}

/** The original to the byte. Imported once more it gives the flow as it was then, which tells what was edited since. */
function originFile(
  { graph }: flows.FlowRow,
  { format, language, content, created_at }: flows.OriginRow,
  here: Surroundings,
): OriginFile {
  const document = readDocument(content)
  const named = graph.nodes.find((node) => node.type === "crew")?.data["crew_id"]
  const crew_id = typeof named === "string" ? named : ""
  // A step that is a placeholder was one from the beginning; one that is gone may have been anything.
  const steps = new Map(graph.nodes.map((node) => [node.id, node.data["tool_id"]]))
  const tool_id = (node_id: string): string | undefined => {
    const known = steps.get(node_id)
    if (typeof known === "string") return known
    return steps.has(node_id) ? undefined : ""
  }
  const made = document.ok ? importDocument(document.document, format, { here, crew_id, tool_id }) : undefined
  if (!made?.ok) throw new Failure("flow.unreadable")
  const { nodes, edges, report } = made.imported
  const { nodes: changedNodes, edges: changedEdges } = diffGraphs({ nodes, edges, settings: {} }, graph)
  return {
    format,
    language,
    content,
    imported_at: created_at,
    report,
    edited: { nodes: changedNodes, edges: changedEdges },
  }
}
