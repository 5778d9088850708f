import { ArrowDown, ArrowUp } from "lucide-react"
import { Checkbox } from "../checkbox.tsx"
import { cn } from "../cn.ts"
import { nextSort, type Column } from "./model.ts"

type HeaderProps<Row> = {
  columns: readonly Column<Row>[]
  sort: string | undefined
  onSort: ((sort: string) => void) | undefined
  hasMenu: boolean
  ticking?: { state: boolean | "indeterminate"; onChange: (on: boolean) => void } | undefined
}

const order = (sort: string | undefined, field: string | undefined) => {
  if (!field || !sort) return undefined
  if (sort === field) return "ascending"
  return sort === `-${field}` ? "descending" : undefined
}

export function TableHeader<Row>({ columns, sort, onSort, hasMenu, ticking }: HeaderProps<Row>) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
      <div
        role="row"
        aria-rowindex={1}
        className={cn(
          "group/head relative grid h-8 grid-cols-(--tracks) items-center gap-x-4 border-b border-line pr-4 text-sm text-muted",
          ticking ? "pl-9" : "pl-4",
        )}
      >
        {ticking && (
          <div
            role="columnheader"
            aria-label="Selection"
            className="absolute left-3 flex opacity-0 group-hover/head:opacity-100 has-focus-visible:opacity-100 in-data-ticking:opacity-100 pointer-coarse:opacity-100"
          >
            <Checkbox aria-label="Select all" checked={ticking.state} onCheckedChange={ticking.onChange} />
          </div>
        )}
        {columns.map((column) => {
          const ordered = order(sort, column.sort)
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={ordered ?? (column.sort && onSort ? "none" : undefined)}
              className={cn("flex min-w-0 items-center", column.align === "end" && "justify-end")}
            >
              {column.sort && onSort ? (
                <button
                  type="button"
                  onClick={() => onSort(nextSort(sort, column.sort!, column.first))}
                  className={cn(
                    "group/sort focus-ring -mx-1.5 flex h-6 items-center gap-1 rounded-sm px-1.5 hover:bg-hover hover:text-ink",
                    ordered && "text-ink",
                  )}
                >
                  {column.header}
                  {ordered === "descending" && <ArrowDown aria-hidden className="size-3" />}
                  {ordered === "ascending" && <ArrowUp aria-hidden className="size-3" />}
                </button>
              ) : (
                column.header
              )}
            </div>
          )
        })}
        {hasMenu && (
          <div role="columnheader">
            <span className="sr-only">Actions</span>
          </div>
        )}
      </div>
    </div>
  )
}
