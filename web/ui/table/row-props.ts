import type { ReactNode, RefObject } from "react"

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
