import { useEffect, useRef, useState } from "react"
import { useMedia } from "./use-media.ts"

/** The part of what is still hidden that a frame shows: soon caught up, never in one leap. */
const share = 0.18

const further = (shown: number, whole: number): number =>
  Math.min(whole, shown + Math.max(1, Math.ceil((whole - shown) * share)))

/**
 * Text that arrives in chunks, shown at an even pace. It starts whole, so that reopening does not type anything again, and is
 * whole at once when nothing more will come.
 */
export function useSmoothText(text: string, streaming: boolean): string {
  const calm = useMedia("(prefers-reduced-motion: reduce)")
  const [length, setLength] = useState(text.length)
  const whole = useRef(text.length)
  useEffect(() => {
    whole.current = text.length
  }, [text])
  const isBehind = streaming && !calm && length < text.length
  useEffect(() => {
    let frame = 0
    const step = () => {
      setLength((shown) => further(shown, whole.current))
      frame = requestAnimationFrame(step)
    }
    if (isBehind) frame = requestAnimationFrame(step)
    return () => cancelAnimationFrame(frame)
  }, [isBehind])
  // A text that was begun anew (another attempt) is shorter than what was shown.
  if (length > text.length) setLength(text.length)
  return streaming && !calm ? text.slice(0, length) : text
}
