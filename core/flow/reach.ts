import type { FlowGraph, FlowNode } from "./graph.ts"
import { kindOf } from "./kinds.ts"

/** What stands in these is reached for each item or round, and for none where there is none. */
const frames = new Set(["map", "loop"])

/**
 * Whether every execution that comes to its end has called this node: nothing before it or around it chooses, and nothing goes on
 * before all have come.
 */
export function isCertain(node: FlowNode, { nodes, edges }: FlowGraph): boolean {
  const byId = new Map(nodes.map((one) => [one.id, one]))
  const seen = new Set<string>()
  const ahead = [node]
  for (let one = ahead.pop(); one; one = ahead.pop()) {
    if (seen.has(one.id)) continue
    seen.add(one.id)
    if (one !== node && chooses(one)) return false
    const around = one.parent_id === undefined ? undefined : byId.get(one.parent_id)
    if (around) ahead.push(around)
    for (const { source, target } of edges) {
      const before = target === one.id ? byId.get(source) : undefined
      if (before) ahead.push(before)
    }
  }
  return !nodes.some((one) => one.type === "merge" && (one.data["mode"] ?? "all") !== "all")
}

const chooses = ({ type, data }: FlowNode): boolean =>
  frames.has(type) || (kindOf(type)?.handles(data).length ?? 2) > 1
