import { error, warning } from "./finding.ts"
import type { Finding, FlowGraph, FlowNode } from "./graph.ts"
import { kindOf } from "./kinds.ts"
import { holderOf } from "./holder.ts"
import { cyclic, reachableFrom } from "./walk.ts"

/** Cycles, and nodes that no execution can reach. */
export function pathFindings(graph: Pick<FlowGraph, "nodes" | "edges">): Finding[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const edges = graph.edges.filter((edge) => nodes.has(edge.source) && nodes.has(edge.target))
  const found: Finding[] = []
  const onCycle = cyclic([...nodes.keys()], edges)
  if (onCycle.length > 0) {
    found.push(
      error(
        "flow.cycle",
        `These nodes lead back to themselves: ${onCycle.slice(0, 8).join(", ")}${onCycle.length > 8 ? ", …" : ""}. Remove one edge of the circle, or use a loop.`,
        { node_id: onCycle[0]! },
      ),
    )
  }
  const inputs = graph.nodes.filter((node) => kindOf(node.type)?.act === "input")
  if (inputs.length === 0) return found
  const reachable = reachableFrom(graph, inputs)
  // Inside a map or loop everything is reached, once the map or loop is.
  const isReached = (node: FlowNode, depth = 0): boolean => {
    const holder = holderOf(node, nodes)
    return holder && depth < nodes.size ? isReached(holder, depth + 1) : reachable.has(node.id)
  }
  for (const node of graph.nodes) {
    if (kindOf(node.type)?.act !== "none" && !isReached(node))
      found.push(
        warning("node.unreachable", "No route leads here from the input, so it is never executed.", {
          node_id: node.id,
        }),
      )
  }
  return found
}
