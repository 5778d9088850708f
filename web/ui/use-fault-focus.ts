import { useCallback, useEffect, useState, type RefObject } from "react"

/**
 * Leads to the first field that something is wrong with, in an element or on the page, once its fault is drawn: the next
 * frame may come before React has drawn what was just put into a state.
 */
export function useFaultFocus(within?: RefObject<HTMLElement | null>): () => void {
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    if (asked === 0) return undefined
    // A part that opens because of a fault in it does so in an effect of its own.
    const frame = requestAnimationFrame(() =>
      (within?.current ?? document).querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
    )
    return () => cancelAnimationFrame(frame)
  }, [asked, within])
  return useCallback(() => setAsked((times) => times + 1), [])
}
