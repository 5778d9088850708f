import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from "react"

/** A reader this near to the end is at the end. */
const nearPx = 24

/**
 * Keeps a scroller at its end while it grows, for as long as the reader does not scroll up; at its end again, it follows again. For
 * lists whose rows are measured as they are drawn: that their end moves away is no scrolling up. `grown` tells a change of length. To be
 * called after the hook that draws the rows, which puts the scroller at its beginning first.
 */
export function useTail(scroller: RefObject<HTMLElement | null>, grown: unknown) {
  const follows = useRef(true)
  const last = useRef(0)
  const [isFollowing, setFollowing] = useState(true)
  const onScroll = useCallback(() => {
    const box = scroller.current
    if (!box) return
    const isUp = box.scrollTop < last.current - 1
    const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx
    last.current = box.scrollTop
    if (isNear) follows.current = true
    else if (isUp) follows.current = false
    setFollowing(follows.current)
  }, [scroller])
  const toEnd = useCallback(() => {
    const box = scroller.current
    if (!box) return
    follows.current = true
    setFollowing(true)
    box.scrollTop = box.scrollHeight
  }, [scroller])
  useLayoutEffect(() => {
    const box = scroller.current
    if (box && follows.current) box.scrollTop = box.scrollHeight
  }, [scroller, grown])
  return { onScroll, isFollowing, toEnd }
}
