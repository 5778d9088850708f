import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import type { Box } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { reveal } from "#web/flow/opening-view.ts"
import { glide } from "#web/flow/zoom-controls.tsx"
import { useStore } from "#web/state/jotai.ts"
import { addedAtom, nodesAtom } from "../atoms.ts"

/** The part of the canvas that no panel lies over, counted from its corner. */
function openArea(): Box | null {
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

/** Brings a node that was just added into sight, beside whatever panel opened for it. */
export function useShowAdded(): void {
  const store = useStore()
  const flow = useReactFlow()
  useEffect(() => {
    let frame = 0
    const stop = store.sub(addedAtom, () => {
      const added = store.get(addedAtom)
      if (!added) return
      // The panel is drawn with the next frame; before that it is not known what it covers.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => {
          const area = openArea()
          const nesting = nestingOf(store.get(nodesAtom))
          if (!area || !nesting.node(added.id)) return
          void flow.setViewport(reveal(flow.getViewport(), nesting.box(added.id), area), glide())
        })
      })
    })
    return () => {
      stop()
      cancelAnimationFrame(frame)
    }
  }, [store, flow])
}
