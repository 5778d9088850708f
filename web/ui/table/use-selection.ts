import { useCallback, useMemo, useRef, useState } from "react"
import { keysBetween } from "./model.ts"

export type Selection = {
  has: (key: string) => boolean
  size: number
  toggle: (key: string, range: boolean) => void
  all: (on: boolean) => void
  clear: () => void
}

/** Which rows are ticked. Rows that have gone from the list are forgotten. */
export function useSelection(keys: readonly string[]): Selection {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef<string | null>(null)
  const live = useMemo(() => new Set(keys.filter((key) => ticked.has(key))), [keys, ticked])

  const toggle = useCallback(
    (key: string, range: boolean) => {
      const from = anchor.current
      anchor.current = key
      setTicked((before) => {
        const after = new Set(before)
        if (range && from) for (const one of keysBetween(keys, from, key)) after.add(one)
        else if (!after.delete(key)) after.add(key)
        return after
      })
    },
    [keys],
  )
  const all = useCallback((on: boolean) => setTicked(new Set(on ? keys : [])), [keys])
  const clear = useCallback(() => setTicked(new Set()), [])
  return useMemo(
    () => ({ has: (key) => live.has(key), size: live.size, toggle, all, clear }),
    [live, toggle, all, clear],
  )
}
