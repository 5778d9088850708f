import type { Flow, FlowDraft } from "#core/contract/flows"
import { Failure } from "#core/errors"
import { mostEdges, mostNodes, type FlowGraph } from "#core/flow/graph"
import type { FlowRow } from "#worker/db/flows"
import { digestOf } from "#worker/digest"

/** The part of a draft that decides what an execution does. */
export function graphOf(draft: FlowDraft): FlowGraph {
  const { nodes, edges, input_schema, output_schema, settings } = draft
  return {
    nodes,
    edges,
    ...(input_schema === undefined ? {} : { input_schema }),
    ...(output_schema === undefined ? {} : { output_schema }),
    settings,
  }
}

/** Refuses what is too large to be kept, before anything looks at it. */
export function assertSize({ nodes, edges }: Pick<FlowGraph, "nodes" | "edges">): void {
  if (nodes.length <= mostNodes && edges.length <= mostEdges) return
  throw new Failure("flow.too_large", {
    detail: `A flow holds at most ${mostNodes} nodes and ${mostEdges} edges; this one has ${nodes.length} and ${edges.length}. Split it into several flows.`,
  })
}

/** D1 keeps two million bytes a row; the rest of the row is small. */
const mostBytes = 1_900_000

/** SHA-256 of a graph's JSON, which must fit into a row. */
export function digestOfGraph(graph: FlowGraph): string {
  const text = JSON.stringify(graph)
  const bytes = Buffer.byteLength(text)
  if (bytes <= mostBytes) return digestOf(text)
  throw new Failure("flow.too_large", {
    detail: `A flow holds at most ${mostBytes} bytes of JSON; this one has ${bytes}. Move long texts out of its nodes, or split it into several flows.`,
  })
}

/** A flow as the contract shows it. */
export function flowOf(row: FlowRow): Flow {
  const { id, name, description, graph, version, published_version, created_by, created_at, updated_at } = row
  const has_unpublished_changes = published_version === null || row.graph_digest !== row.published_digest
  return {
    id,
    name,
    description,
    ...graph,
    version,
    published_version,
    has_unpublished_changes,
    created_by,
    created_at,
    updated_at,
  }
}
