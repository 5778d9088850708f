import type { FlowDraft } from "#core/contract/flows"
import type { FlowEdge, FlowNode } from "#core/flow/graph"

/** Small flows for tests of the editor. */
export const node = (id: string, type: string, data: FlowNode["data"] = {}, x = 0, y = 0): FlowNode => ({
  id,
  type,
  position: { x, y },
  data,
})

export const edge = (source: string, target: string, handle?: string): FlowEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  ...(handle === undefined ? {} : { source_handle: handle }),
})

export const draft = (nodes: FlowNode[], edges: FlowEdge[] = []): FlowDraft => ({
  name: "Test",
  description: "",
  nodes,
  edges,
  settings: {},
})
