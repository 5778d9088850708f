import { useEffect, useRef, useState } from "react"

/** A value that changes with each frame, brought on no more often than every so many ms; the last one always comes. */
export function usePaced<Value>(value: Value, ms: number): Value {
  const [shown, setShown] = useState(value)
  const since = useRef(0)
  useEffect(() => {
    const wait = since.current + ms - performance.now()
    const show = () => {
      since.current = performance.now()
      setShown(() => value)
    }
    if (wait <= 0) {
      show()
      return undefined
    }
    const timer = setTimeout(show, wait)
    return () => clearTimeout(timer)
  }, [value, ms])
  return ms === 0 ? value : shown
}
