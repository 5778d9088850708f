import { useState } from "react"

/** The last answer that was good, for the same source: what was read stays in view while something about it is asked anew. */
export function useLastGood<T>(source: number | undefined, data: T | undefined): T | undefined {
  const [held, setHeld] = useState<{ source: number | undefined; data: T } | null>(null)
  if (data !== undefined && held?.data !== data) setHeld({ source, data })
  return held && held.source === source ? held.data : undefined
}
