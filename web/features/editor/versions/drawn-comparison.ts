import type { Comparison, EdgeChange, NodeChange } from "#core/flow/compare"
import { sourceHandle, type FlowEdge, type FlowGraph, type FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Difference } from "#core/json-diff"
import type { CanvasMarks } from "#web/flow/change-mark.tsx"
import { handlesOf, sizeOf } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"

type Graph = Pick<FlowGraph, "nodes" | "edges">

/** Both versions on one canvas: what is there now, with what is gone where it was. */
export type DrawnComparison = { graph: Graph; marks: CanvasMarks }

export function drawComparison(to: Graph, { nodes, edges }: Comparison): DrawnComparison {
  const gone = nodes.flatMap((one) => (one.is === "removed" ? [one.node] : []))
  const all = [...to.nodes, ...setApart(gone, to.nodes)]
  const byId = new Map(all.map((node) => [node.id, node]))
  const lost = edges.flatMap(({ is, edge }) => (is === "removed" ? lineOf(edge, byId) : []))
  return {
    graph: { nodes: all, edges: [...to.edges, ...lost] },
    marks: {
      nodes: new Map(nodes.map(({ is, node }) => [node.id, is])),
      edges: new Map([
        ...edges.flatMap(({ is, edge }) => (is === "added" ? [[edge.id, is] as const] : [])),
        ...lost.map(({ id }) => [id, "removed"] as const),
      ]),
    },
  }
}

/** The free line between a node that is gone and one that took its place. */
const gap = 32

/** What is gone and lies under what is there now steps down until it can be seen. */
function setApart(gone: readonly FlowNode[], there: readonly FlowNode[]): FlowNode[] {
  const taken = there.map(boxOf)
  return gone.map((node) => {
    const box = boxOf(node)
    const over = () => taken.find((one) => one.within === box.within && isOver(one, box))
    for (let other = over(); other; other = over()) box.y = other.y + other.height + gap
    return { ...node, position: { x: box.x, y: box.y } }
  })
}

type Box = { x: number; y: number; width: number; height: number; within: string | undefined }

const boxOf = (node: FlowNode): Box => ({ ...node.position, ...sizeOf(node), within: node.parent_id })

const isOver = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height

/** A line that is gone, between the nodes as they are drawn now: a route that no longer exists leaves by the first there is. */
function lineOf(edge: FlowEdge, nodes: ReadonlyMap<string, FlowNode>): FlowEdge[] {
  const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)]
  if (!source || !target || kindOf(target.type)?.takesInput === false) return []
  const handles = handlesOf(source).map(({ id }) => id)
  const handle = handles.includes(sourceHandle(edge)) ? sourceHandle(edge) : handles[0]
  return handle === undefined ? [] : [{ ...edge, id: `removed ${edge.id}`, source_handle: handle }]
}

/** One line of the list of changes, with a key that the address can hold. */
export type ChangeRow = { key: string; nodes: readonly string[] } & (
  | { of: "flow"; fields: readonly Difference[] }
  | { of: "node"; change: NodeChange }
  | { of: "edge"; change: EdgeChange }
)

/** The changes in the order in which one reads the flow; what was only moved comes last. */
export function rowsOf(comparison: Comparison, { graph }: DrawnComparison): ChangeRow[] {
  const nesting = nestingOf(graph.nodes)
  const place = new Map(comparison.nodes.map(({ node }) => [node.id, nesting.place(node.id)]))
  const nodes = comparison.nodes
    .toSorted((one, other) => {
      const [a, b] = [place.get(one.node.id)!, place.get(other.node.id)!]
      return a.x - b.x || a.y - b.y
    })
    .map((change): ChangeRow => ({
      key: `node.${change.node.id}`,
      nodes: [change.node.id],
      of: "node",
      change,
    }))
  const isMoved = (row: ChangeRow): boolean => row.of === "node" && row.change.is === "moved"
  const drawn = new Set(graph.nodes.map(({ id }) => id))
  return [
    ...(comparison.fields.length > 0
      ? [{ key: "flow", nodes: [], of: "flow" as const, fields: comparison.fields }]
      : []),
    ...nodes.filter((row) => !isMoved(row)),
    ...comparison.edges.map((change): ChangeRow => ({
      key: ["edge", change.is, change.edge.source, sourceHandle(change.edge), change.edge.target].join("."),
      nodes: [change.edge.source, change.edge.target].filter((id) => drawn.has(id)),
      of: "edge",
      change,
    })),
    ...nodes.filter(isMoved),
  ]
}

const ownNames: Record<string, string> = { type: "kind", label: "name", parent_id: "inside" }

/** A field of a node as its panel calls it: `prompt` instead of `data.prompt`. */
export const sayField = (path: string): string => ownNames[path] ?? path.replace(/^data\./, "")
