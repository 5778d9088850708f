import { lazy, Suspense, useEffect } from "react"
import type { RowsProps } from "./row-props.ts"

/** Fewer rows are simply all there, so that the browser's own search finds them. */
const virtualPast = 200

const VirtualRows = lazy(() => import("./virtual-rows.tsx"))

/** All the rows, or of a long list those in view. */
export function Rows(props: RowsProps) {
  if (props.count <= virtualPast) return <AllRows {...props} />
  return (
    // A list that grows past the limit keeps its rows, and so its place, until the other way of making them is here; one that
    // begins with thousands does not make them all for that moment.
    <Suspense fallback={<AllRows {...props} count={virtualPast} />}>
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
