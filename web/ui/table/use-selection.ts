import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react"
import { keysBetween } from "./model.ts"

export type Selection = {
  has: (key: string) => boolean
  size: number
  toggle: (key: string, range: boolean) => void
  all: (on: boolean) => void
  clear: () => void
}

/** Where a page keeps the ticks itself: they stay when a row is not listed. `keys` are those that can be ticked. */
export type HeldTicks = {
  keys: readonly string[]
  ticked: ReadonlySet<string>
  onChange: (ticked: ReadonlySet<string>) => void
}

/** Which rows are ticked. Rows that have gone from the list are forgotten, unless the page keeps the ticks. */
export function useSelection(listed: readonly string[], held?: HeldTicks): Selection {
  const [own, setOwn] = useState<ReadonlySet<string>>(new Set())
  const keys = held?.keys ?? listed
  const ticked = held?.ticked ?? own
  const latest = useRef({ ticked, onChange: held?.onChange ?? setOwn })
  // What the page did not take over is not held.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  useLayoutEffect(() => {
    latest.current = { ticked, onChange: held?.onChange ?? setOwn }
  })
  const setTicked = useCallback((next: (before: ReadonlySet<string>) => ReadonlySet<string>) => {
    const { ticked: before, onChange } = latest.current
    const after = next(before)
    // Two keys may come within one frame, before it is rendered.
    latest.current = { ticked: after, onChange }
    onChange(after)
  }, [])
  const anchor = useRef<string | null>(null)
  const live = useMemo(() => new Set(keys.filter((key) => ticked.has(key))), [keys, ticked])

  const toggle = useCallback(
    (key: string, range: boolean) => {
      const from = anchor.current
      anchor.current = key
      setTicked((before) => {
        const after = new Set(before)
        if (!keys.includes(key)) return before
        if (range && from) for (const one of keysBetween(keys, from, key)) after.add(one)
        else if (!after.delete(key)) after.add(key)
        return after
      })
    },
    [keys, setTicked],
  )
  const isHeld = held !== undefined
  const all = useCallback(
    (on: boolean) =>
      setTicked((before) => {
        const here = new Set(keys)
        const others = isHeld ? [...before].filter((key) => !here.has(key)) : []
        return new Set(on ? [...others, ...keys] : others)
      }),
    [keys, isHeld, setTicked],
  )
  const clear = useCallback(() => {
    // What a page keeps is not lost by a key.
    if (!isHeld) setTicked(() => new Set())
  }, [isHeld, setTicked])
  return useMemo(
    () => ({ has: (key) => live.has(key), size: live.size, toggle, all, clear }),
    [live, toggle, all, clear],
  )
}
