import { useEffect, useRef, useState } from "react"

const isCalm = (): boolean =>
  typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches

/** The part of what is still hidden that a frame shows: soon caught up, never in one leap. */
const share = 0.18

/**
 * Text that arrives in chunks, shown at an even pace. It starts whole, so that reopening does not type anything again, and is
 * whole at once when nothing more will come.
 */
export function useSmoothText(text: string, streaming: boolean): string {
  const [length, setLength] = useState(text.length)
  const target = useRef(text)
  target.current = text
  const isBehind = streaming && length < text.length
  useEffect(() => {
    if (!isBehind || isCalm()) return
    let frame = requestAnimationFrame(function step() {
      setLength((now) => Math.min(target.current.length, now + Math.max(1, Math.ceil((target.current.length - now) * share))))
      frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [isBehind])
  // A text that was begun anew (another attempt) is shorter than what was shown.
  if (length > text.length) setLength(text.length)
  return streaming && !isCalm() ? text.slice(0, length) : text
}
