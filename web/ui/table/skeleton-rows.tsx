import { cn } from "../cn.ts"
import { Skeleton } from "../skeleton.tsx"
import type { Column } from "./model.ts"

const rows = [0, 1, 2, 3, 4, 5, 6, 7]
const wideShapes = ["w-3/5", "w-2/5", "w-1/2", "w-3/4", "w-[45%]"]
const smallShapes = ["w-4/5", "w-3/5", "w-full"]

type SkeletonRowsProps<Row> = { columns: readonly Column<Row>[]; phone: boolean; ticks: boolean }

/** Rows of grey shapes, of the size of rows to come. */
export const SkeletonRows = <Row,>({ columns, phone, ticks }: SkeletonRowsProps<Row>) => (
  <div aria-hidden>
    {rows.map((row) => (
      <div
        key={row}
        className={cn(
          "grid grid-cols-(--tracks) items-center gap-x-4 border-b border-line pr-4",
          phone ? "h-14" : "h-row",
          ticks ? "pl-9" : "pl-4",
        )}
      >
        {columns.map((column, place) => {
          // Flexible tracks hold text of any length, fixed ones a word or a number.
          const shapes = phone || column.width.includes("fr") ? wideShapes : smallShapes
          return (
            <Skeleton
              key={column.id}
              className={cn(
                shapes[(row + place) % shapes.length],
                column.align === "end" && "justify-self-end",
              )}
            />
          )
        })}
      </div>
    ))}
  </div>
)
