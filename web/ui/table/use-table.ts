import { useCallback, useMemo, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { useWidth } from "../use-width.ts"
import type { Anchor } from "../menu.tsx"
import type { Column, TableProps } from "./model.ts"
import { useRowKeys } from "./use-row-keys.ts"
import { useSelection } from "./use-selection.ts"

/** The table's own width decides, in px: beside a navigation there is less room than the window has. */
const narrowBelow = 720
const wideFrom = 960

/** The row whose acts are shown, and the button they hang from. */
export type OpenMenu = { key: string; anchor: Anchor }

/** What a table knows: its keys, which rows are ticked, which one the keyboard is at, and what is in view. */
export function useTable<Row>(props: TableProps<Row>) {
  const { rows, rowKey, columns, onOpen, bulk, rowMenu, current, ticks } = props
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const phone = width !== null && width < narrowBelow
  const wide = width === null || width >= wideFrom
  const keys = useMemo(() => rows?.map(rowKey) ?? [], [rows, rowKey])
  const tickable = useMemo(
    () => (rows && ticks ? rows.filter(ticks.can).map(rowKey) : []),
    // The page's answer does not change while its rows stay.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [rows, rowKey],
  )
  const selection = useSelection(keys, ticks && { keys: tickable, ...ticks })
  const hasTicks = bulk !== undefined || ticks !== undefined
  const [active, setActive] = useState<string | null>(null)
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const shown = useMemo(() => columns.filter((column) => wide || column.room !== "wide"), [columns, wide])
  const reveal = useRef<(index: number) => void>(() => undefined)
  const rowOf = useCallback((key: string): Row | undefined => rows?.[keys.indexOf(key)], [rows, keys])

  const move = (key: string) => {
    reveal.current(keys.indexOf(key))
    const focus = (): boolean => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
      row?.focus()
      return row != null
    }
    // A row out of view may only now be made; it takes the focus once it is there.
    if (!focus()) requestAnimationFrame(focus)
    flushSync(() => setActive(key))
    if (current !== undefined) open(key)
  }
  const open = (key: string) => {
    const row = rowOf(key)
    if (row !== undefined) onOpen?.(row)
  }
  useRowKeys({
    grid: scroller,
    keys,
    active: active ?? current ?? null,
    move,
    open,
    toggle: hasTicks ? selection.toggle : undefined,
    clear: selection.clear,
  })
  return {
    phone,
    scroller,
    keys,
    selection,
    /** Those that can be ticked. */
    tickable: ticks ? tickable : keys,
    hasTicks,
    shown,
    rowOf,
    setActive,
    menu,
    toggleMenu: useCallback((key: string, element: HTMLElement) => {
      const anchor = { element, box: element.getBoundingClientRect() }
      setMenu((open) => (open?.key === key ? null : { key, anchor }))
    }, []),
    closeMenu: useCallback(() => setMenu(null), []),
    onReveal: useCallback((way: (index: number) => void) => {
      reveal.current = way
    }, []),
    reachable: [active, current].find((key) => key != null && keys.includes(key)) ?? keys[0],
    tracks: tracksOf(shown, phone, rowMenu !== undefined),
  }
}

function tracksOf<Row>(columns: readonly Column<Row>[], phone: boolean, hasMenu: boolean): string {
  const middle = phone ? ["minmax(0, 1fr)"] : columns.map((column) => column.width)
  return [...middle, ...(hasMenu ? ["1.5rem"] : [])].join(" ")
}
