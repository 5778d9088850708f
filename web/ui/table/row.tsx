import { Ellipsis } from "lucide-react"
import { memo, type CSSProperties, type MouseEvent } from "react"
import { buttonLook } from "../button-look.ts"
import { Checkbox } from "../checkbox.tsx"
import { cn } from "../cn.ts"
import type { Column, TableProps } from "./model.ts"

type RowProps<Row> = Pick<TableProps<Row>, "onOpen" | "narrow" | "rowLabel"> & {
  row: Row
  id: string
  index: number
  columns: readonly Column<Row>[]
  phone: boolean
  /** The one row that the Tab key reaches. */
  reachable: boolean
  ticked: boolean
  /** It cannot be ticked. */
  isFixed: boolean
  /** Open beside the list. */
  current: boolean
  onTick?: ((key: string, range: boolean) => void) | undefined
  onReach: (key: string) => void
  /** Opens the row's acts at its button; absent where there are none. */
  onMenu?: ((key: string, button: HTMLElement) => void) | undefined
  isMenuOpen: boolean
  /** Where it stands when not all rows are there: numbers, so that a row in its place does not render again. */
  top?: number | undefined
  height?: number | undefined
}

const placeOf = ({ top, height }: { top?: number | undefined; height?: number | undefined }): CSSProperties =>
  top === undefined ? {} : { position: "absolute", top: 0, height, transform: `translateY(${top}px)` }

/** A click on a control inside the row is meant for the control. */
const isOnControl = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest("a, button, input, label, [role=menuitem]") !== null

function RowView<Row>(props: RowProps<Row>) {
  const { row, id, index, columns, phone, reachable, ticked, onTick, onOpen, onMenu } = props
  const label = props.rowLabel(row)
  const open = (event: MouseEvent) => {
    if (isOnControl(event) || !window.getSelection()?.isCollapsed) return
    if (onTick && (event.shiftKey || event.metaKey || event.ctrlKey)) onTick(id, event.shiftKey)
    else onOpen?.(row)
  }
  return (
    // Keys are handled for the whole grid in use-row-keys.ts.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      data-key={id}
      aria-rowindex={index + 2}
      aria-selected={onTick ? ticked : undefined}
      aria-current={props.current || undefined}
      aria-label={label}
      tabIndex={reachable ? 0 : -1}
      onClick={open}
      onFocus={() => props.onReach(id)}
      style={placeOf(props)}
      className={cn(
        "group/row focus-ring-inset grid w-full grid-cols-(--tracks) items-center relative gap-x-4 border-b border-line pr-4 hover:bg-hover has-aria-expanded:bg-hover",
        phone ? "min-h-14" : "h-row",
        onTick && !phone ? "pl-9" : "pl-4",
        onOpen && "cursor-default",
        (ticked || props.current) && "bg-accent-soft hover:bg-accent-soft",
        // Among rows that are ticked, the open one.
        props.current &&
          onTick &&
          "before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent",
      )}
    >
      {onTick && !phone && (
        <TickCell id={id} label={label} ticked={ticked} isFixed={props.isFixed} onTick={onTick} />
      )}
      {phone ? (
        <div role="gridcell" className="min-w-0 py-1.5">
          {props.narrow(row)}
        </div>
      ) : (
        columns.map((column) => (
          <div
            key={column.id}
            role="gridcell"
            className={cn("flex min-w-0 items-center", column.align === "end" && "justify-end text-right")}
          >
            {column.cell(row)}
          </div>
        ))
      )}
      {onMenu && (
        <MenuCell
          label={label}
          reachable={reachable}
          isOpen={props.isMenuOpen}
          onOpen={(button) => onMenu(id, button)}
        />
      )}
    </div>
  )
}

/** Hidden until the pointer or the keyboard comes by, or some row is ticked. */
const quiet =
  "opacity-0 group-hover/row:opacity-100 group-focus/row:opacity-100 has-focus-visible:opacity-100 has-aria-expanded:opacity-100 pointer-coarse:opacity-100"

type TickCellProps = {
  id: string
  label: string
  ticked: boolean
  isFixed: boolean
  onTick: (key: string, range: boolean) => void
}

const TickCell = ({ id, label, ticked, isFixed, onTick }: TickCellProps) => (
  <div role="gridcell" className={cn("absolute left-3 flex in-data-ticking:opacity-100", quiet)}>
    <Checkbox
      tabIndex={-1}
      checked={ticked}
      disabled={isFixed}
      aria-label={`Select ${label}`}
      onClick={(event) => onTick(id, event.shiftKey)}
    />
  </div>
)

type MenuCellProps = {
  label: string
  reachable: boolean
  isOpen: boolean
  onOpen: (button: HTMLElement) => void
}

const MenuCell = ({ label, reachable, isOpen, onOpen }: MenuCellProps) => (
  <div role="gridcell" aria-label="Actions" className={cn("flex justify-end", quiet)}>
    <button
      type="button"
      aria-label={`Actions for ${label}`}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      tabIndex={reachable ? 0 : -1}
      onClick={(event) => onOpen(event.currentTarget)}
      className={cn(buttonLook({ tone: "ghost", size: "xs", shape: "icon" }), "-mr-1", isOpen && "bg-active")}
    >
      <Ellipsis aria-hidden />
    </button>
  </div>
)

/** Memoised: a list of hundreds must not render when one row is ticked. */
// `memo` forgets that the component is generic.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const TableRow = memo(RowView) as typeof RowView
