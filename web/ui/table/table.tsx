import { useState, type MouseEvent } from "react"
import { cn } from "../cn.ts"
import { AnchoredMenu, ContextMenu, type MenuEntry } from "../menu.tsx"
import { BulkBar } from "./bulk-bar.tsx"
import { EndSensor } from "./end-sensor.tsx"
import { TableHeader } from "./header.tsx"
import type { TableProps } from "./model.ts"
import { TableRow } from "./row.tsx"
import type { Place } from "./row-props.ts"
import { Rows } from "./rows.tsx"
import { SkeletonRows } from "./skeleton-rows.tsx"
import { useTable, type OpenMenu } from "./use-table.ts"

/** The one list of the product: see looks.md, "Lists". It fills its parent, which has a height. */
export function Table<Row>(props: TableProps<Row>) {
  const { rows, rowKey, rowMenu, bulk, onEnd } = props
  const table = useTable(props)
  const { phone, scroller, selection, shown } = table
  const [menu, setMenu] = useState<MenuEntry[]>([])
  const ticked = rows?.filter((row) => selection.has(rowKey(row))) ?? []

  /** One menu for all rows: it takes the acts of the row under the pointer, or lets the browser's own open. */
  const aimMenu = (event: MouseEvent) => {
    const key =
      event.target instanceof Element ? event.target.closest("[data-key]")?.getAttribute("data-key") : null
    const row = key == null ? undefined : table.rowOf(key)
    const entries = row === undefined ? [] : (rowMenu?.(row) ?? [])
    setMenu(entries)
    if (entries.length === 0) event.stopPropagation()
  }
  return (
    <div
      className={cn("relative flex min-h-0 flex-1 flex-col", props.className)}
      style={{ "--tracks": table.tracks }}
    >
      <ContextMenu entries={menu}>
        <div
          ref={scroller}
          role="grid"
          aria-label={props.label}
          aria-rowcount={rows ? (props.total ?? rows.length) + 1 : -1}
          aria-multiselectable={table.hasTicks ? true : undefined}
          aria-busy={rows === undefined}
          data-ticking={selection.size > 0 || props.ticks !== undefined || undefined}
          onContextMenuCapture={aimMenu}
          className="min-h-0 flex-1 overflow-auto overscroll-contain outline-none"
        >
          {!phone && rows?.length !== 0 && (
            <TableHeader
              columns={shown}
              sort={props.sort}
              onSort={props.onSort}
              hasMenu={rowMenu !== undefined}
              ticking={
                table.hasTicks
                  ? { state: stateOf(selection.size, table.tickable.length), onChange: selection.all }
                  : undefined
              }
            />
          )}
          {rows === undefined && (
            <SkeletonRows
              columns={phone ? shown.slice(0, 1) : shown}
              phone={phone}
              ticks={table.hasTicks && !phone}
            />
          )}
          {rows && rows.length > 0 && <Body {...props} rows={rows} table={table} />}
          {onEnd && <EndSensor onEnd={onEnd} scroller={scroller} />}
        </div>
      </ContextMenu>
      {table.menu && rowMenu && (
        <RowMenu
          menu={table.menu}
          row={table.rowOf(table.menu.key)}
          rowMenu={rowMenu}
          onClose={table.closeMenu}
        />
      )}
      {rows?.length === 0 && <div className="absolute inset-0 overflow-auto">{props.empty}</div>}
      {bulk && ticked.length > 0 && (
        <BulkBar count={ticked.length} onClear={selection.clear}>
          {bulk(ticked, selection.clear)}
        </BulkBar>
      )}
    </div>
  )
}

const stateOf = (ticked: number, all: number): boolean | "indeterminate" =>
  ticked === 0 ? false : ticked === all || "indeterminate"

type RowMenuProps<Row> = {
  menu: OpenMenu
  row: Row | undefined
  rowMenu: (row: Row) => MenuEntry[]
  onClose: () => void
}

const RowMenu = <Row,>({ menu, row, rowMenu, onClose }: RowMenuProps<Row>) =>
  row === undefined ? null : (
    <AnchoredMenu key={menu.key} anchor={menu.anchor} entries={rowMenu(row)} onClose={onClose} />
  )

type BodyProps<Row> = TableProps<Row> & { rows: readonly Row[]; table: ReturnType<typeof useTable<Row>> }

function Body<Row>(props: BodyProps<Row>) {
  const { rows, table, onOpen, rowMenu, rowLabel, narrow, current, ticks } = props
  const { keys, selection, phone, shown, scroller, onReveal } = table
  const rowAt = (index: number, place?: Place) => {
    const key = keys[index]
    const row = rows[index]
    if (key === undefined || row === undefined) return null
    return (
      <TableRow
        key={key}
        id={key}
        row={row}
        index={index}
        columns={shown}
        phone={phone}
        reachable={key === table.reachable}
        ticked={selection.has(key)}
        current={key === current}
        onTick={table.hasTicks ? selection.toggle : undefined}
        isFixed={ticks !== undefined && !ticks.can(row)}
        onReach={table.setActive}
        top={place?.top}
        height={place?.height}
        rowLabel={rowLabel}
        narrow={narrow}
        isMenuOpen={table.menu?.key === key}
        onMenu={rowMenu && table.toggleMenu}
        {...(onOpen && { onOpen })}
      />
    )
  }
  return <Rows count={keys.length} phone={phone} scroller={scroller} onReveal={onReveal} row={rowAt} />
}
