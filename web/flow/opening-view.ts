import { getNodesBounds, type ReactFlowInstance } from "@xyflow/react"
import type { CanvasEdge, CanvasNode } from "./canvas-elements.ts"

const margin = 48
/** Below this the titles cannot be read. */
const leastZoom = 0.55

/**
 * How a flow is shown when it is opened: whole, in the middle, where it can be read that way; else readable, from its beginning
 * at the left.
 */
export function openingView(bounds: Box, frame: { width: number; height: number }) {
  const fits = Math.min(
    (frame.width - 2 * margin) / bounds.width,
    (frame.height - 2 * margin) / bounds.height,
  )
  const zoom = Math.min(1, Math.max(leastZoom, fits))
  const isWide = bounds.width * zoom > frame.width - 2 * margin
  const isTall = bounds.height * zoom > frame.height - 2 * margin
  return {
    x: isWide ? margin - bounds.x * zoom : frame.width / 2 - (bounds.x + bounds.width / 2) * zoom,
    y: isTall ? margin - bounds.y * zoom : frame.height / 2 - (bounds.y + bounds.height / 2) * zoom,
    zoom,
  }
}
type Box = { x: number; y: number; width: number; height: number }

/** Brings a flow that has just been mounted into its opening view. */
export function showOpening(flow: ReactFlowInstance<CanvasNode, CanvasEdge>): void {
  const frame = document.querySelector(".canvas")?.getBoundingClientRect()
  const nodes = flow.getNodes()
  if (!frame || nodes.length === 0) return
  void flow.setViewport(openingView(getNodesBounds(nodes), frame))
}
