import { useLayoutEffect, useState, type RefObject } from "react"

/** How wide an element is, in pixels; null before it is there, and where there is no layout. */
export function useWidth(element: RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null)
  useLayoutEffect(() => {
    const target = element.current
    if (!target) return undefined
    const measure = () => setWidth(Math.round(target.clientWidth) || null)
    // Measured before the first paint, so that nothing is drawn in a width it does not have.
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    return () => observer.disconnect()
  }, [element])
  return width
}
