import { useEffect, useRef, useState, type RefObject } from "react"
import { panned, zoomed, type Extent } from "./model.ts"

export type Zoom = {
  view: Extent
  isWhole: boolean
  /** Below 1 is closer; `at` is the place on the view that stays where it is. */
  by: (factor: number, at?: number) => void
  /** By a part of the view: 0.2 is a fifth to the right. */
  pan: (by: number) => void
  to: (view: Extent | null) => void
}

/** Marks the element inside the frame that is as wide as the time. */
export const scaleMark = "data-scale"

/** Which part of the time is looked at: the whole, as it grows, until somebody looks closer. */
export function useZoom(whole: Extent, frame: RefObject<HTMLElement | null>): Zoom {
  const [chosen, to] = useState<Extent | null>(null)
  const view = chosen ?? whole
  const by = (factor: number, at?: number) => to(zoomed(view, whole, factor, at))
  const pan = (part: number) => to((held) => held && panned(held, whole, part))
  const zoom = { view, isWhole: chosen === null, by, pan, to }
  const latest = useRef(zoom)
  useEffect(() => {
    latest.current = zoom
  })
  useEffect(() => {
    const element = frame.current
    if (!element) return undefined
    const onWheel = (event: WheelEvent) => {
      const scale = element.querySelector(`[${scaleMark}]`)
      if (!scale) return
      const box = scale.getBoundingClientRect()
      const isCloser = event.ctrlKey || event.metaKey
      const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
      if (!isCloser && (latest.current.isWhole || across === 0)) return
      // The browser would zoom the page, or go back a page.
      event.preventDefault()
      if (isCloser) latest.current.by(Math.exp(event.deltaY / 300), place(event.clientX, box))
      else latest.current.pan(across / Math.max(1, box.width))
    }
    element.addEventListener("wheel", onWheel, { passive: false })
    return () => element.removeEventListener("wheel", onWheel)
  }, [frame])
  return zoom
}

/** Where on a box a pointer is, from 0 at its left to 1 at its right. */
export const place = (x: number, box: DOMRect): number =>
  Math.min(1, Math.max(0, (x - box.left) / Math.max(1, box.width)))
