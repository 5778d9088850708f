import type { FlowEdge, FlowGraph, FlowNode } from "./graph.ts"

/** What was added, removed and changed, by id. */
export type Changes = { added: string[]; removed: string[]; changed: string[] }

export type GraphDiff = { nodes: Changes; edges: Changes; fields: string[] }

/** What two graphs differ in. A node that was only moved counts as unchanged: it does the same. */
export function diffGraphs(from: FlowGraph, to: FlowGraph): GraphDiff {
  const fields = (["input_schema", "output_schema", "settings"] as const).filter(
    (name) => stable(from[name]) !== stable(to[name]),
  )
  return {
    nodes: changes(from.nodes, to.nodes, (node: FlowNode) => ({ ...node, position: undefined })),
    edges: changes(from.edges, to.edges, (edge: FlowEdge) => edge),
    fields: [...fields],
  }
}

function changes<T extends { id: string }>(from: T[], to: T[], matter: (one: T) => unknown): Changes {
  const before = new Map(from.map((one) => [one.id, stable(matter(one))]))
  const after = new Map(to.map((one) => [one.id, stable(matter(one))]))
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
    changed: [...after].flatMap(([id, text]) => (before.has(id) && before.get(id) !== text ? [id] : [])),
  }
}

/** JSON with sorted keys, so that equal values have equal texts. */
export function stable(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === "object" && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
        : one,
    ) ?? "undefined"
  )
}
