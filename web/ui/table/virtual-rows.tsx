import { useVirtualizer } from "@tanstack/react-virtual"
import { useEffect, useState } from "react"
import type { RowsProps } from "./row-props.ts"

const narrowRowPx = 56

/** The height of a row as tokens.css has it for this density and pointer. */
function rowPx(): number {
  const style = getComputedStyle(document.documentElement)
  return (parseFloat(style.getPropertyValue("--row")) || 2) * (parseFloat(style.fontSize) || 16)
}

/** Makes only the rows in view, and a few around them. */
export default function VirtualRows({ count, phone, scroller, onReveal, row }: RowsProps) {
  const [height] = useState(() => (phone ? narrowRowPx : rowPx()))
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    // A list that grew past the limit is already somewhere.
    initialOffset: () => scroller.current?.scrollTop ?? 0,
    scrollPaddingStart: phone ? 0 : 32,
  })
  useEffect(() => onReveal((index) => virtualizer.scrollToIndex(index)), [virtualizer, onReveal])
  return (
    <div role="rowgroup" style={{ height: virtualizer.getTotalSize() }} className="relative">
      {virtualizer
        .getVirtualItems()
        .map(({ index, start, size }) => row(index, { top: start, height: size }))}
    </div>
  )
}
