import type { ReactFlowInstance } from "@xyflow/react"
import type { CanvasEdge, CanvasNode } from "./canvas-elements.ts"

const margin = 32
/** Below this the titles cannot be read at a glance: a flow that needs it is still shown whole. */
const readableZoom = 0.55
/** Below this it is a picture of dots. */
const leastZoom = 0.3

type Size = { width: number; height: number }
type Box = Size & { x: number; y: number }
type View = { x: number; y: number; zoom: number }

/**
 * How a flow is shown when it is opened: whole, in the middle, where it can be read that way; else readable, from its beginning
 * at the left.
 */
export function openingView(bounds: Box, frame: Size): View {
  const fits = Math.min(
    (frame.width - 2 * margin) / bounds.width,
    (frame.height - 2 * margin) / bounds.height,
  )
  const zoom = Math.min(1, fits >= leastZoom ? fits : readableZoom)
  const isWide = bounds.width * zoom > frame.width - 2 * margin
  const isTall = bounds.height * zoom > frame.height - 2 * margin
  return {
    x: isWide ? margin - bounds.x * zoom : frame.width / 2 - (bounds.x + bounds.width / 2) * zoom,
    y: isTall ? margin - bounds.y * zoom : frame.height / 2 - (bounds.y + bounds.height / 2) * zoom,
    zoom,
  }
}

/** The same view, moved so that the box stands in the middle when it would be out of sight. */
export function bringIntoSight(view: View, box: Box, frame: Size): View {
  const left = view.x + box.x * view.zoom
  const top = view.y + box.y * view.zoom
  const isSeen =
    left >= 0 &&
    top >= 0 &&
    left + box.width * view.zoom <= frame.width &&
    top + box.height * view.zoom <= frame.height
  if (isSeen) return view
  return {
    x: frame.width / 2 - (box.x + box.width / 2) * view.zoom,
    y: frame.height / 2 - (box.y + box.height / 2) * view.zoom,
    zoom: view.zoom,
  }
}

/** The same view, moved no further than it takes to show the box with some room around it; smaller where it would not fit. */
export function reveal(view: View, box: Box, area: Box): View {
  const room = { width: area.width - 2 * margin, height: area.height - 2 * margin }
  const fits = Math.min(room.width / box.width, room.height / box.height)
  const zoom = Math.min(view.zoom, Math.max(leastZoom, fits))
  // Around the middle of the area, so that making it smaller does not carry the view away.
  const middle = { x: area.x + area.width / 2, y: area.y + area.height / 2 }
  const scale = zoom / view.zoom
  const x = middle.x - (middle.x - view.x) * scale
  const y = middle.y - (middle.y - view.y) * scale
  const by = (from: number, size: number, low: number, extent: number) =>
    from < low || size > extent ? low - from : Math.min(0, low + extent - from - size)
  return {
    x: x + by(x + box.x * zoom, box.width * zoom, area.x + margin, room.width),
    y: y + by(y + box.y * zoom, box.height * zoom, area.y + margin, room.height),
    zoom,
  }
}

/** Brings a flow that has just been mounted into its opening view; a link to one of its nodes leads there. */
export function showOpening(flow: ReactFlowInstance<CanvasNode, CanvasEdge>): void {
  const frame = document.querySelector(".canvas")?.getBoundingClientRect()
  const nodes = flow.getNodes().filter(({ hidden }) => !hidden)
  if (!frame || nodes.length === 0) return
  const view = openingView(flow.getNodesBounds(nodes), frame)
  const chosen = nodes.filter((node) => node.selected)
  void flow.setViewport(chosen.length > 0 ? bringIntoSight(view, flow.getNodesBounds(chosen), frame) : view)
}
