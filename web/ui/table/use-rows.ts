import { useVirtualizer } from "@tanstack/react-virtual"
import { useCallback, useEffect, useState, type CSSProperties, type RefObject } from "react"

/** Fewer rows are simply all there, so that the browser's own search finds them. */
const virtualPast = 200
const narrowRowPx = 56

/** The height of a row as tokens.css has it for this density and pointer. */
function rowPx(): number {
  const style = getComputedStyle(document.documentElement)
  return (parseFloat(style.getPropertyValue("--row")) || 2) * (parseFloat(style.fontSize) || 16)
}

type PlacedRow = { index: number; style?: CSSProperties }

/** Which rows to make, and where: all of them, or past 200 those in view. */
export function useRows(scroller: RefObject<HTMLDivElement | null>, count: number, phone: boolean) {
  const isVirtual = count > virtualPast
  const [height, setHeight] = useState(32)
  useEffect(() => setHeight(phone ? narrowRowPx : rowPx()), [phone, isVirtual])
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: phone ? 0 : 32,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, height])
  const reveal = useCallback(
    (index: number) => {
      if (isVirtual) virtualizer.scrollToIndex(index)
      else scroller.current?.querySelectorAll("[data-key]")[index]?.scrollIntoView({ block: "nearest" })
    },
    [isVirtual, virtualizer, scroller],
  )
  const items: PlacedRow[] = isVirtual
    ? virtualizer.getVirtualItems().map(({ index, start, size }) => ({
        index,
        style: { position: "absolute", top: 0, height: size, transform: `translateY(${start}px)` },
      }))
    : Array.from({ length: count }, (_, index) => ({ index }))
  const space: CSSProperties = isVirtual ? { height: virtualizer.getTotalSize() } : {}
  return { items, space, reveal }
}
