import type { FlowNode } from "#core/flow/graph"

/** How an example names another that it calls, in the place of a flow's id. */
export const exampleRef = (id: string): string => `example:${id}`

const refOf = (node: FlowNode): string | undefined => {
  const named = node.type === "subflow" ? node.data["flow_id"] : undefined
  return typeof named === "string" && named.startsWith("example:")
    ? named.slice("example:".length)
    : undefined
}

/** The examples that a drawing calls, each once. */
export const calledExamples = (nodes: readonly FlowNode[]): string[] => [
  ...new Set(nodes.flatMap((node) => refOf(node) ?? [])),
]

/** The drawing with flows in the place of the examples that it calls; one that is not given stays as it is. */
export const withFlows = (nodes: readonly FlowNode[], flows: ReadonlyMap<string, string>): FlowNode[] =>
  nodes.map((node) => {
    const flow_id = flows.get(refOf(node) ?? "")
    return flow_id === undefined ? node : { ...node, data: { ...node.data, flow_id } }
  })
