import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from "react"

/** A reader this near to the end is at the end. */
const nearPx = 24

const goToEnd = (box: HTMLElement | null): void => box?.scrollTo(0, box.scrollHeight)

/**
 * Keeps a scroller at its end while it grows, for as long as the reader does not scroll up; at its end again, it follows again. For
 * lists whose rows are measured as they are drawn: that their end moves away is no scrolling up. It looks after each render, and is to be
 * called after the hook that draws the rows, which puts the scroller at its beginning first.
 */
export function useTail(scroller: RefObject<HTMLElement | null>) {
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
    follows.current = true
    setFollowing(true)
    goToEnd(scroller.current)
  }, [scroller])
  useLayoutEffect(() => {
    if (follows.current) goToEnd(scroller.current)
  })
  return { onScroll, isFollowing, toEnd }
}
