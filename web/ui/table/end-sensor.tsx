import { useEffect, useRef, type RefObject } from "react"

type EndSensorProps = { onEnd: () => void; scroller: RefObject<HTMLElement | null> }

/** Sees the end coming and asks for more. */
export function EndSensor({ onEnd, scroller }: EndSensorProps) {
  const sensor = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onEnd()
      },
      { root: scroller.current, rootMargin: "600px" },
    )
    if (sensor.current) observer.observe(sensor.current)
    return () => observer.disconnect()
  }, [onEnd, scroller])
  return <div ref={sensor} aria-hidden className="h-px" />
}
