import {
  useEffect,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type RefObject,
  type SyntheticEvent,
} from "react"
import { shifted } from "../../model/shifted.ts"
import type { CoField } from "./use-co-text.ts"

type Area = HTMLTextAreaElement

/** What a textarea needs for its text to be written together with others: it tells where this person writes, and steps through their own typing. */
export function useWritingWith(area: RefObject<Area | null>, co: CoField | undefined) {
  useKeptCaret(area, co)
  return {
    onFocus: () => co?.enter(),
    onSelect: ({
      currentTarget: { selectionStart, selectionEnd, selectionDirection },
    }: SyntheticEvent<Area>) =>
      selectionDirection === "backward"
        ? co?.present(selectionEnd, selectionStart)
        : co?.present(selectionStart, selectionEnd),
    onKeyDown: (event: KeyboardEvent<Area>) => stepIn(co, event),
    onBlur: () => co?.present(),
  }
}

/** Undo and redo of one's own typing, where several write. */
function stepIn(co: CoField | undefined, event: KeyboardEvent): void {
  if (!co?.text || event.altKey || !(event.metaKey || event.ctrlKey)) return
  const key = event.key.toLowerCase()
  if (key === "y" || (key === "z" && event.shiftKey)) co.redo()
  else if (key === "z") co.undo()
  else return
  event.preventDefault()
  event.stopPropagation()
}

/** Leaves the caret where it was among the words while others write before and after it. */
function useKeptCaret(area: RefObject<HTMLTextAreaElement | null>, co: CoField | undefined): void {
  const { text, present } = co ?? {}
  const kept = useRef<{ start: number; end: number } | null>(null)
  useEffect(() => {
    if (!text) return undefined
    const isHere = () => area.current !== null && area.current === document.activeElement
    // The text has opened under the hands of who writes.
    if (isHere()) present?.(area.current?.selectionStart, area.current?.selectionEnd)
    return text.follow(({ delta, isOwn }) => {
      const box = area.current
      if (isOwn || !box || !isHere()) return
      const { start, end } = kept.current ?? { start: box.selectionStart, end: box.selectionEnd }
      kept.current = { start: shifted(start, delta), end: shifted(end, delta) }
    })
  }, [area, text, present])
  useLayoutEffect(() => {
    const { current } = kept
    kept.current = null
    if (current) area.current?.setSelectionRange(current.start, current.end)
  })
}
