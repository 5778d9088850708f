import { useCallback, useLayoutEffect, useRef } from "react"

/** A reader this near to the end is at the end. */
const nearPx = 24

/**
 * Keeps a scroller at its end while its content grows, for as long as the reader is at the end; one who has scrolled up is
 * left alone. It looks after each render of the component that holds the content.
 */
export function useSteadyScroll<E extends HTMLElement>() {
  const scroller = useRef<E>(null)
  const atEnd = useRef(true)
  const onScroll = useCallback(() => {
    const box = scroller.current
    if (box) atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx
  }, [])
  useLayoutEffect(() => {
    const box = scroller.current
    if (box && atEnd.current) box.scrollTop = box.scrollHeight
  })
  return { scroller, onScroll }
}
