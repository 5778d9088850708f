import { useCallback, useLayoutEffect, useRef } from "react"

/**
 * Keeps a scroller at its end while its content grows, for as long as the reader is at the end; one who has scrolled up is
 * left alone.
 */
export function useSteadyScroll<E extends HTMLElement>(content: unknown) {
  const scroller = useRef<E>(null)
  const atEnd = useRef(true)
  const onScroll = useCallback(() => {
    const box = scroller.current
    if (box) atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 24
  }, [])
  useLayoutEffect(() => {
    const box = scroller.current
    if (box && atEnd.current) box.scrollTop = box.scrollHeight
  }, [content])
  return { scroller, onScroll }
}
