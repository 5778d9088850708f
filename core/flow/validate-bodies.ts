import { error, warning } from "./finding.ts"
import type { Finding, FlowGraph, FlowNode } from "./graph.ts"
import { kindOf } from "./kinds.ts"
import { MergeMode } from "./kinds/merge.ts"
import { holderOf } from "./holder.ts"

type Graph = Pick<FlowGraph, "nodes" | "edges">

/** What is wrong with how nodes lie inside each other. */
export function bodyFindings(graph: Graph): Finding[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const holders = new Map(graph.nodes.map((node) => [node.id, holderOf(node, nodes)]))
  const filled = new Set(
    // What waits for another step in its place says so itself.
    [...holders].flatMap(([id, holder]) => {
      const node = nodes.get(id)!
      return holder && (isExecuted(node) || node.type === "foreign") ? [holder.id] : []
    }),
  )
  return [
    ...graph.nodes.flatMap((node) => [
      ...parentFindings(node, nodes),
      ...placeFindings(node, holders, filled, graph),
    ]),
    ...graph.edges.flatMap((edge) => {
      if (!nodes.has(edge.source) || !nodes.has(edge.target)) return []
      if (holders.get(edge.source)?.id === holders.get(edge.target)?.id) return []
      const message = `An edge cannot cross the border of a map or loop. What is inside gets its item or state without one, and its result leaves with the whole.`
      return [error("edge.crosses", message, { edge_id: edge.id })]
    }),
  ]
}

const isExecuted = (node: FlowNode): boolean => kindOf(node.type)?.act !== "none"

function parentFindings(node: FlowNode, nodes: ReadonlyMap<string, FlowNode>): Finding[] {
  if (node.parent_id === undefined) return []
  const at = { node_id: node.id }
  const parent = nodes.get(node.parent_id)
  if (!parent)
    return [error("parent.unknown", `This node lies inside ${node.parent_id}, which does not exist.`, at)]
  if (kindOf(parent.type)?.holds === undefined)
    return [
      error(
        "parent.not_container",
        `Nothing can lie inside ${parent.id}: only maps, loops and groups hold nodes.`,
        at,
      ),
    ]
  const seen = new Set<string>()
  for (
    let one: FlowNode | undefined = node;
    one;
    one = one.parent_id === undefined ? undefined : nodes.get(one.parent_id)
  ) {
    if (seen.has(one.id)) return [error("parent.circle", `${node.id} lies inside itself. Move it out.`, at)]
    seen.add(one.id)
  }
  return []
}

function placeFindings(
  node: FlowNode,
  holders: ReadonlyMap<string, FlowNode | undefined>,
  filled: ReadonlySet<string>,
  graph: Graph,
): Finding[] {
  const at = { node_id: node.id }
  const kind = kindOf(node.type)
  if (kind?.holds === "body" && !filled.has(node.id)) {
    return [error("body.empty", `Put inside what this ${node.type} does: it is empty.`, at)]
  }
  if (node.type === "input" && holders.get(node.id)) {
    const message = "An input cannot lie inside a map or loop: what is inside begins with the item or state."
    return [error("node.input_inside", message, at)]
  }
  if (node.type === "merge") {
    const mode = MergeMode.safeParse(node.data["mode"]).data
    const arriving = graph.edges.filter((edge) => edge.target === node.id).length
    if (typeof mode === "number" && mode > arriving) {
      const message = `It waits for ${mode} routes, and only ${arriving} lead here; it goes on when all of them have settled.`
      return [warning("merge.too_many", message, { ...at, path: "mode" })]
    }
  }
  return []
}
