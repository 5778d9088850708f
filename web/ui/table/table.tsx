import { useVirtualizer } from "@tanstack/react-virtual"
import { flushSync } from "react-dom"
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties, type RefObject } from "react"
import { cn } from "../cn.ts"
import { ContextMenu, type MenuEntry } from "../menu.tsx"
import { Skeleton } from "../skeleton.tsx"
import { usePhone, useWide } from "../use-media.ts"
import { BulkBar } from "./bulk-bar.tsx"
import { TableHeader } from "./header.tsx"
import type { Column, TableProps } from "./model.ts"
import { TableRow } from "./row.tsx"
import { useRowKeys } from "./use-row-keys.ts"
import { useSelection } from "./use-selection.ts"

/** Fewer rows are simply all there, so that the browser's own search finds them. */
const virtualPast = 200

/** The one list of the product: see looks.md, "Lists". It fills its parent, which has a height. */
export function Table<Row>(props: TableProps<Row>) {
  const { rows, rowKey, columns, sort, onSort, onOpen, rowMenu, bulk, onEnd } = props
  const phone = usePhone()
  const wide = useWide()
  const scroller = useRef<HTMLDivElement>(null)
  const keys = useMemo(() => rows?.map(rowKey) ?? [], [rows, rowKey])
  const selection = useSelection(keys)
  const [active, setActive] = useState<string | null>(null)
  const [menuFor, setMenuFor] = useState<MenuEntry[]>([])
  const shown = useMemo(() => columns.filter((column) => wide || column.room !== "wide"), [columns, wide])
  const style = { "--tracks": tracks(shown, phone, Boolean(rowMenu)) } as CSSProperties
  const list = useRows(scroller, keys.length, phone)

  const move = useCallback(
    (key: string) => {
      list.reveal(keys.indexOf(key))
      const focus = () => {
        const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
        row?.focus()
        return row !== null && row !== undefined
      }
      // A row out of view may only now be made; it takes the focus once it is there.
      if (!focus()) requestAnimationFrame(focus)
      flushSync(() => setActive(key))
    },
    [keys, list],
  )
  const open = useCallback(
    (key: string) => {
      const row = rows?.[keys.indexOf(key)]
      if (row !== undefined) onOpen?.(row)
    },
    [rows, keys, onOpen],
  )
  const onTick = bulk ? selection.toggle : undefined
  useRowKeys({ grid: scroller, keys, active, move, open, toggle: onTick, clear: selection.clear })

  const ticked = rows?.filter((row) => selection.has(rowKey(row))) ?? []
  const reachable = active !== null && keys.includes(active) ? active : keys[0]
  return (
    <div className={cn("relative flex min-h-0 flex-1 flex-col", props.className)} style={style}>
      <ContextMenu entries={menuFor}>
        <div
          ref={scroller}
          role="grid"
          aria-label={props.label}
          aria-rowcount={rows ? (props.total ?? rows.length) + 1 : -1}
          aria-multiselectable={bulk ? true : undefined}
          aria-busy={rows === undefined}
          data-ticking={selection.size > 0 || undefined}
          onContextMenuCapture={(event) => {
            const key = event.target instanceof Element ? event.target.closest("[data-key]")?.getAttribute("data-key") : null
            const row = key == null ? undefined : rows?.[keys.indexOf(key)]
            const entries = row === undefined ? [] : (rowMenu?.(row) ?? [])
            setMenuFor(entries)
            if (entries.length === 0) event.stopPropagation()
          }}
          className="min-h-0 flex-1 overflow-auto overscroll-contain outline-none"
        >
          {!phone && rows?.length !== 0 && (
            <TableHeader
              columns={shown}
              sort={sort}
              onSort={onSort}
              hasMenu={rowMenu !== undefined}
              ticking={
                bulk && {
                  state: selection.size === 0 ? false : selection.size === keys.length || "indeterminate",
                  onChange: selection.all,
                }
              }
            />
          )}
          {rows === undefined ? (
            <SkeletonRows columns={phone ? 1 : shown.length} phone={phone} ticks={Boolean(bulk) && !phone} />
          ) : (
            rows.length > 0 && (
              <div role="rowgroup" style={list.space} className="relative">
                {list.items.map(({ index, style: place }) => {
                  const row = rows[index]!
                  const key = keys[index]!
                  return (
                    <TableRow
                      key={key}
                      id={key}
                      row={row}
                      index={index}
                      columns={shown}
                      phone={phone}
                      reachable={key === reachable}
                      ticked={selection.has(key)}
                      onTick={onTick}
                      onReach={setActive}
                      style={place}
                      rowLabel={props.rowLabel}
                      narrow={props.narrow}
                      {...(onOpen ? { onOpen } : {})}
                      {...(rowMenu ? { rowMenu } : {})}
                    />
                  )
                })}
              </div>
            )
          )}
          {onEnd && <EndSensor onEnd={onEnd} scroller={scroller} />}
        </div>
      </ContextMenu>
      {rows?.length === 0 && <div className="absolute inset-0 overflow-auto">{props.empty}</div>}
      {bulk && ticked.length > 0 && (
        <BulkBar count={ticked.length} onClear={selection.clear}>
          {bulk(ticked, selection.clear)}
        </BulkBar>
      )}
    </div>
  )
}

function tracks<Row>(columns: readonly Column<Row>[], phone: boolean, menu: boolean): string {
  const middle = phone ? ["minmax(0, 1fr)"] : columns.map((column) => column.width)
  return [...middle, ...(menu ? ["1.5rem"] : [])].join(" ")
}

type PlacedRow = { index: number; style?: CSSProperties }

/** Which rows to make, and where: all of them, or past 200 those in view. */
function useRows(scroller: RefObject<HTMLDivElement | null>, count: number, phone: boolean) {
  const virtual = count > virtualPast
  const [height, setHeight] = useState(32)
  useEffect(() => {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
    const row = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) || 2
    setHeight(phone ? 56 : row * rem)
  }, [phone])
  const virtualizer = useVirtualizer({
    count,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: phone ? 0 : 32,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, height])
  const reveal = useCallback(
    (index: number) => {
      if (virtual) virtualizer.scrollToIndex(index)
      else scroller.current?.querySelectorAll("[data-key]")[index]?.scrollIntoView({ block: "nearest" })
    },
    [virtual, virtualizer, scroller],
  )
  const placed = virtualizer.getVirtualItems()
  const items: PlacedRow[] = virtual
    ? placed.map(({ index, start, size }) => ({
        index,
        style: { position: "absolute", top: 0, height: size, transform: `translateY(${start}px)` },
      }))
    : Array.from({ length: count }, (_, index) => ({ index }))
  const space: CSSProperties = virtual ? { height: virtualizer.getTotalSize() } : {}
  return { items, space, reveal }
}

const skeletonWidths = ["w-3/5", "w-2/5", "w-1/2", "w-3/4", "w-2/5", "w-3/5", "w-1/2", "w-2/3"]

function SkeletonRows({ columns, phone, ticks }: { columns: number; phone: boolean; ticks: boolean }) {
  return (
    <div aria-hidden>
      {skeletonWidths.map((width, row) => (
        <div key={row} className={cn("grid grid-cols-(--tracks) items-center gap-x-4 border-b border-line pr-4", phone ? "h-14" : "h-row", ticks ? "pl-9" : "pl-4")}>
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} className={column === 0 || phone ? width : "w-1/2"} />
          ))}
        </div>
      ))}
    </div>
  )
}

/** Sees the end coming and asks for more. */
function EndSensor({ onEnd, scroller }: { onEnd: () => void; scroller: RefObject<HTMLElement | null> }) {
  const sensor = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && onEnd(), {
      root: scroller.current,
      rootMargin: "600px",
    })
    if (sensor.current) observer.observe(sensor.current)
    return () => observer.disconnect()
  }, [onEnd, scroller])
  return <div ref={sensor} aria-hidden className="h-px" />
}
