import { useCallback, useSyncExternalStore } from "react"

/** The time in steps of `everyMs`, again and again; null stops the clock, and the time is then of no use. */
export function useNow(everyMs: number | null): number {
  const subscribe = useCallback(
    (tell: () => void) => {
      const timer = everyMs === null ? undefined : setInterval(tell, everyMs)
      return () => clearInterval(timer)
    },
    [everyMs],
  )
  return useSyncExternalStore(subscribe, () =>
    everyMs === null ? 0 : Math.floor(Date.now() / everyMs) * everyMs,
  )
}
