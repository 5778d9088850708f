import type { FlowDraft } from "#core/contract/flows"
import type { FlowEdge, FlowNode } from "#core/flow/graph"

/** Small flows for tests of the editor. */
export const node = (id: string, type: string, data: FlowNode["data"] = {}, x = 0, y = 0): FlowNode => ({
  id,
  type,
  position: { x, y },
  data,
})

/** A node inside a frame. */
export const inside = (parent: string, child: FlowNode): FlowNode => ({ ...child, parent_id: parent })

/** A map, loop or group of a size. */
export const frame = (
  id: string,
  type: string,
  x: number,
  y: number,
  width: number,
  height: number,
): FlowNode => ({
  ...node(id, type, type === "map" ? { items: "input.list" } : {}, x, y),
  size: { width, height },
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
