import type { InternalNode, useStoreApi } from "@xyflow/react"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import type { Point } from "#web/flow/geometry.ts"

export type FlowStore = ReturnType<typeof useStoreApi<CanvasNode, CanvasEdge>>

type Ends = { from: Point; to: Point }

/** Where an edge begins and ends as things stand now; `placeOf` says where a node is shown that the document has elsewhere. */
export function endsOf(
  flow: FlowStore,
  id: string,
  placeOf: (node: string) => Point | undefined = () => undefined,
): Ends | null {
  const { nodeLookup, edgeLookup } = flow.getState()
  const edge = edgeLookup.get(id)
  const source = edge && nodeLookup.get(edge.source)
  const target = edge && nodeLookup.get(edge.target)
  if (!source || !target) return null
  const from = endAt(source, "source", edge.sourceHandle, placeOf(source.id))
  const to = endAt(target, "target", edge.targetHandle, placeOf(target.id))
  return from && to && { from, to }
}

function endAt(
  { internals }: InternalNode<CanvasNode>,
  type: "source" | "target",
  id: string | null | undefined,
  at: Point = internals.positionAbsolute,
): Point | null {
  const handles = internals.handleBounds?.[type]
  const handle = id ? handles?.find((one) => one.id === id) : handles?.[0]
  if (!handle) return null
  return {
    x: at.x + handle.x + (type === "source" ? handle.width : 0),
    y: at.y + handle.y + handle.height / 2,
  }
}
