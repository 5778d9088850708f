import { differences, type Difference } from "#core/json-diff"
import { sourceHandle, type FlowEdge, type FlowGraph, type FlowNode } from "./graph.ts"

/** What has happened to a node from one graph to the other; one that was only moved does the same as before. */
export type NodeChange = {
  is: "added" | "removed" | "changed" | "moved"
  /** As it is now, or as it was where it is gone. */
  node: FlowNode
  /** What differs in it, by dotted path, such as `data.prompt`; of a node that came or went everything that it says. */
  fields: Difference[]
}

/** An edge is what it joins: drawn anew between the same ends it is the same, plugged elsewhere it is another. */
export type EdgeChange = { is: "added" | "removed"; edge: FlowEdge }

/** Everything that two graphs differ in. */
export type Comparison = {
  nodes: NodeChange[]
  edges: EdgeChange[]
  /** Of the flow itself: its schemas and its settings. */
  fields: Difference[]
}

type Compared = Pick<FlowGraph, "nodes" | "edges" | "input_schema" | "output_schema" | "settings">

/** What differs between two graphs, down to the fields. Neither needs to be valid. */
export function compareGraphs(from: Compared, to: Compared): Comparison {
  const [before, after] = [byId(from.nodes), byId(to.nodes)]
  const [joined, joins] = [byEnds(from.edges), byEnds(to.edges)]
  return {
    nodes: [
      ...[...after.values()].flatMap((node) => changeOf(before.get(node.id), node)),
      ...[...before.values()].flatMap((node): NodeChange[] =>
        after.has(node.id)
          ? []
          : [{ is: "removed", node, fields: differences(saidBy(node), nothingSaid).filter(isSaid) }],
      ),
    ],
    edges: [
      ...[...joins].flatMap(([ends, edge]): EdgeChange[] =>
        joined.has(ends) ? [] : [{ is: "added", edge }],
      ),
      ...[...joined].flatMap(([ends, edge]): EdgeChange[] =>
        joins.has(ends) ? [] : [{ is: "removed", edge }],
      ),
    ],
    fields: differences(ownOf(from), ownOf(to)),
  }
}

/** Whether two graphs do the same and are drawn the same. */
export const isSame = ({ nodes, edges, fields }: Comparison): boolean =>
  nodes.length + edges.length + fields.length === 0

const byId = (nodes: readonly FlowNode[]): Map<string, FlowNode> =>
  new Map(nodes.map((node) => [node.id, node]))

const byEnds = (edges: readonly FlowEdge[]): Map<string, FlowEdge> =>
  new Map(
    edges.map((edge) => [
      JSON.stringify([edge.source, sourceHandle(edge), edge.target, edge.target_handle ?? ""]),
      edge,
    ]),
  )

const ownOf = ({ input_schema, output_schema, settings }: Compared) => ({
  input_schema,
  output_schema,
  settings,
})

/** What a node says; where and how large it is drawn is no part of that. */
const saidBy = ({ type, label, parent_id, data }: FlowNode) => ({ type, label, parent_id, data })

/** In the order of a node, so that fields come in the same order whoever is compared. */
const nothingSaid = { type: undefined, label: undefined, parent_id: undefined, data: {} }

/** A kind stands with the node anyway, and is no difference of one that came or went. */
const isSaid = ({ path }: Difference): boolean => path !== "type"

function changeOf(was: FlowNode | undefined, node: FlowNode): NodeChange[] {
  if (!was) return [{ is: "added", node, fields: differences(nothingSaid, saidBy(node)).filter(isSaid) }]
  const fields = differences(saidBy(was), saidBy(node))
  if (fields.length > 0) return [{ is: "changed", node, fields }]
  return isPlacedAlike(was, node) ? [] : [{ is: "moved", node, fields: [] }]
}

const isPlacedAlike = (one: FlowNode, other: FlowNode): boolean =>
  one.position.x === other.position.x &&
  one.position.y === other.position.y &&
  one.size?.width === other.size?.width &&
  one.size?.height === other.size?.height
