import type { ReactFlowInstance } from "@xyflow/react"
import type { Box } from "#web/flow/geometry.ts"
import { reveal } from "#web/flow/opening-view.ts"
import { glide } from "#web/flow/zoom-controls.tsx"

/** The part of the canvas that no panel lies over, counted from its corner. */
export function openArea(): Box | null {
  const canvas = document.querySelector("[data-canvas]")?.getBoundingClientRect()
  if (!canvas) return null
  const area = { x: 0, y: 0, width: canvas.width, height: canvas.height }
  const panel = document.querySelector("[data-over-canvas]")?.getBoundingClientRect()
  if (!panel) return area
  // The panel lies at the right, or on a phone at the bottom.
  return panel.width < canvas.width - 8
    ? { ...area, width: panel.left - canvas.left }
    : { ...area, height: panel.top - canvas.top }
}

/** Moves the view no further than it takes to show a box beside whatever panel opens now. Answers how to leave it. */
export function bringIntoView(
  flow: Pick<ReactFlowInstance, "getViewport" | "setViewport">,
  boxOf: () => Box | undefined,
): () => void {
  // The panel is drawn with the next frame; before that it is not known what it covers.
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(() => {
      const [area, box] = [openArea(), boxOf()]
      if (area && box) void flow.setViewport(reveal(flow.getViewport(), box, area), glide())
    })
  })
  return () => cancelAnimationFrame(frame)
}
