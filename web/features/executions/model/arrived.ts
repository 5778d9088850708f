import { sourceHandle, type FlowEdge } from "#core/flow/graph"
import type { Json } from "#core/json"
import type { ExecutionState } from "#core/execution/state"

/**
 * What came to a node by its edges. Steps without effects keep no input of their own in the journal, since the outputs before
 * them say it: one value as it is, several by the node they came from.
 */
export function arrivedAt(
  nodeId: string,
  edges: readonly FlowEdge[],
  state: Pick<ExecutionState, "nodes">,
): Json | undefined {
  const came = edges.flatMap((edge): [string, Json][] => {
    const source = state.nodes[edge.source]
    const passed = edge.target === nodeId && source?.handles.includes(sourceHandle(edge))
    return passed && source?.output !== undefined ? [[edge.source, source.output]] : []
  })
  return came.length > 1 ? Object.fromEntries(came) : came[0]?.[1]
}
