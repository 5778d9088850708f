import type { ReactNode } from "react"
import type { MenuEntry } from "../menu.tsx"

export type Column<Row> = {
  id: string
  header: ReactNode
  /** A grid track: `minmax(0, 1fr)`, `7rem`. */
  width: string
  cell: (row: Row) => ReactNode
  /** The field that the header sorts by. */
  sort?: string
  /** The order that a first click gives; newest or largest first is "desc". */
  first?: "asc" | "desc"
  align?: "start" | "end"
  /** Shown only where there is room: `wide` is a table of 960 px. */
  room?: "wide"
}

export type Ticks<Row> = {
  ticked: ReadonlySet<string>
  onChange: (ticked: ReadonlySet<string>) => void
  /** Whether a row can be ticked at all. */
  can: (row: Row) => boolean
}

export type TableProps<Row> = {
  /** What is listed, such as "Flows". */
  label: string
  /** Undefined while loading. */
  rows: readonly Row[] | undefined
  rowKey: (row: Row) => string
  /** What a screen reader calls the row. */
  rowLabel: (row: Row) => string
  columns: readonly Column<Row>[]
  /** The row of a narrow table, two lines high. */
  narrow: (row: Row) => ReactNode
  sort?: string
  onSort?: (sort: string) => void
  onOpen?: (row: Row) => void
  /** The row that is open beside the list, or null: it is marked, and j and k open the next one as they walk. */
  current?: string | null
  rowMenu?: (row: Row) => MenuEntry[]
  /** What can be done with several; gives rows a checkbox and the `x` key. */
  bulk?: (rows: readonly Row[], clear: () => void) => ReactNode
  /** Which rows are ticked, where the page keeps it: also those that a search leaves out. Their boxes are always in view. */
  ticks?: Ticks<Row>
  /** Called when the reader nears the end and more can be had. */
  onEnd?: (() => void) | undefined
  /** Rows that are known to follow, for the scroll bar's and the screen reader's sake. */
  total?: number | undefined
  /** Stands in place of the rows when there are none. */
  empty?: ReactNode
  className?: string
}

/** The next sort after a click on a header: its first order, then the other one. */
export function nextSort(current: string | undefined, field: string, first: "asc" | "desc" = "asc"): string {
  const up = field
  const down = `-${field}`
  if (current === up) return down
  if (current === down) return up
  return first === "asc" ? up : down
}

/** The keys between two rows, both included, in either direction. */
export function keysBetween(keys: readonly string[], from: string, to: string): string[] {
  const a = keys.indexOf(from)
  const b = keys.indexOf(to)
  if (a < 0 || b < 0) return [to]
  return keys.slice(Math.min(a, b), Math.max(a, b) + 1)
}
