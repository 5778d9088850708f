import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import type { Thread } from "./comment.ts"
import { wellFormed } from "./well-formed.ts"

/** A flow's draft: what a save replaces. */
export type Draft = { name: string; description: string } & FlowGraph

/** What a draft says beside its nodes and edges. */
export type CanvasFields = Omit<Draft, "nodes" | "edges">

/**
 * The document that people edit together: a flow's draft and what they say about it. The maps are changed in place; a node, an
 * edge and a thread never are, so that whoever draws them sees by identity what is new.
 */
export type Canvas = {
  fields: CanvasFields
  nodes: Map<string, FlowNode>
  edges: Map<string, FlowEdge>
  threads: Map<string, Thread>
  /** About how many bytes the draft has as JSON. */
  bytes: number
}

/** A document as one value: what a snapshot holds and a person is sent who comes in. */
export type CanvasState = {
  fields: CanvasFields
  nodes: FlowNode[]
  edges: FlowEdge[]
  threads: Thread[]
}

/** A draft of more bytes fits no row of the database; a little is left for positions, which are not weighed. */
export const mostBytes = 1_800_000

export function canvasOf(state: CanvasState): Canvas {
  const { fields, nodes, edges, threads } = state
  return {
    fields,
    nodes: new Map(nodes.map((one) => [one.id, one])),
    edges: new Map(edges.map((one) => [one.id, one])),
    threads: new Map(threads.map((one) => [one.id, one])),
    bytes: weight(fields) + weight(nodes) + weight(edges),
  }
}

export const stateOf = ({ fields, nodes, edges, threads }: Canvas): CanvasState => ({
  fields,
  nodes: [...nodes.values()],
  edges: [...edges.values()],
  threads: [...threads.values()],
})

/** A draft as a document that nobody has talked about yet. */
export function stateOfDraft({ nodes, edges, ...fields }: Draft): CanvasState {
  const graph = wellFormed({ nodes, edges })
  return { fields, nodes: [...graph.nodes.values()], edges: [...graph.edges.values()], threads: [] }
}

export const draftOf = ({ fields, nodes, edges }: Canvas): Draft => ({
  ...fields,
  nodes: [...nodes.values()],
  edges: [...edges.values()],
})

/** UTF-8 bytes of a value as JSON. */
export function weight(value: unknown): number {
  const text = JSON.stringify(value)
  return text === undefined ? 0 : textBytes(text)
}

/** UTF-8 bytes of a text. */
export function textBytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
