import { cn } from "../cn.ts"
import { Skeleton } from "../skeleton.tsx"

const widths = ["w-3/5", "w-2/5", "w-1/2", "w-3/4", "w-[45%]", "w-[55%]", "w-[65%]", "w-2/3"]

/** Rows of grey shapes, of the size of rows to come. */
export const SkeletonRows = ({
  columns,
  phone,
  ticks,
}: {
  columns: number
  phone: boolean
  ticks: boolean
}) => (
  <div aria-hidden>
    {widths.map((width) => (
      <div
        key={width}
        className={cn(
          "grid grid-cols-(--tracks) items-center gap-x-4 border-b border-line pr-4",
          phone ? "h-14" : "h-row",
          ticks ? "pl-9" : "pl-4",
        )}
      >
        {Array.from({ length: columns }, (_, column) => (
          <Skeleton key={column} className={column === 0 || phone ? width : "w-1/2"} />
        ))}
      </div>
    ))}
  </div>
)
