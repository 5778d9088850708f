import { useEffect, useLayoutEffect, useRef, type RefObject } from "react"
import { isOverlayOpen, isTyping } from "../keyboard.ts"

type RowKeys = {
  grid: RefObject<HTMLElement | null>
  keys: readonly string[]
  active: string | null
  move: (key: string) => void
  open?: ((key: string) => void) | undefined
  toggle?: ((key: string, range: boolean) => void) | undefined
  clear: () => void
}

const steps: Record<string, (index: number, last: number) => number> = {
  j: (index, last) => Math.min(index + 1, last),
  ArrowDown: (index, last) => Math.min(index + 1, last),
  k: (index) => Math.max(index - 1, 0),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_index, last) => last,
  PageDown: (index, last) => Math.min(index + 15, last),
  PageUp: (index) => Math.max(index - 15, 0),
}

/** j and k walk the rows from anywhere on the page; arrows, Enter and x act while a row has the focus. */
export function useRowKeys(rows: RowKeys): void {
  // Two keys may come within one frame, before an effect would have listened anew.
  const latest = useRef(rows)
  useLayoutEffect(() => {
    latest.current = rows
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { grid, keys, active, move, open, toggle, clear } = latest.current
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isOverlayOpen()) return
      const focused = document.activeElement
      const onRow =
        focused instanceof HTMLElement &&
        focused.dataset["key"] !== undefined &&
        grid.current?.contains(focused)
      const at = active === null ? -1 : keys.indexOf(active)
      const step = steps[event.key]
      if (step && keys.length > 0 && (onRow || event.key === "j" || event.key === "k")) {
        event.preventDefault()
        move(keys[step(at, keys.length - 1)]!)
      } else if (onRow && at >= 0) {
        if (event.key === "Enter") open?.(keys[at]!)
        else if (event.key === "x" || event.key === " ") toggle?.(keys[at]!, event.shiftKey)
        else if (event.key === "Escape") clear()
        else return
        event.preventDefault()
      }
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [])
}
