import type { FlowNode } from "#core/flow/graph"

/** How an example names another that it calls, or a tool that comes with it, in the place of an id. */
export const exampleRef = (id: string): string => `example:${id}`

const prefix = exampleRef("")

const refIn = (node: FlowNode, type: string, field: string): string | undefined => {
  const named = node.type === type ? node.data[field] : undefined
  return typeof named === "string" && named.startsWith(prefix) ? named.slice(prefix.length) : undefined
}

const refOf = (node: FlowNode): string | undefined => refIn(node, "subflow", "flow_id")
const toolRefOf = (node: FlowNode): string | undefined => refIn(node, "tool", "tool_id")

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

/** The tools that come with a drawing, each once. */
export const calledTools = (nodes: readonly FlowNode[]): string[] => [
  ...new Set(nodes.flatMap((node) => toolRefOf(node) ?? [])),
]

/** The drawing with tools of a tenant in the place of those that come with it; one that is not given stays as it is. */
export const withTools = (nodes: readonly FlowNode[], tools: ReadonlyMap<string, string>): FlowNode[] =>
  nodes.map((node) => {
    const tool_id = tools.get(toolRefOf(node) ?? "")
    return tool_id === undefined ? node : { ...node, data: { ...node.data, tool_id } }
  })
