import { lazy, Suspense, useEffect, type ReactNode, type RefObject } from "react"

/** Fewer rows are simply all there, so that the browser's own search finds them. */
const virtualPast = 200

const VirtualRows = lazy(() => import("./virtual-rows.tsx"))

/** Where a row stands when not all are there, in pixels. */
export type Place = { top: number; height: number }

export type RowsProps = {
  count: number
  phone: boolean
  scroller: RefObject<HTMLElement | null>
  /** Takes the way to bring a row into view. */
  onReveal: (reveal: (index: number) => void) => void
  row: (index: number, place?: Place) => ReactNode
}

/** All the rows, or of a long list those in view. */
export function Rows(props: RowsProps) {
  if (props.count <= virtualPast) return <AllRows {...props} />
  return (
    // A list that grows past the limit keeps its rows, and so its place, until the other way of making them is here.
    <Suspense fallback={<AllRows {...props} />}>
      {/* Measured once: another width is another list. */}
      <VirtualRows key={String(props.phone)} {...props} />
    </Suspense>
  )
}

function AllRows({ count, scroller, onReveal, row }: RowsProps) {
  useEffect(
    () =>
      onReveal((index) =>
        scroller.current?.querySelectorAll("[data-key]")[index]?.scrollIntoView({ block: "nearest" }),
      ),
    [scroller, onReveal],
  )
  return <div role="rowgroup">{Array.from({ length: count }, (_, index) => row(index))}</div>
}
