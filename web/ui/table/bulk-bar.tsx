import { X } from "lucide-react"
import type { ReactNode } from "react"
import { IconButton } from "../icon-button.tsx"

/** Floats over the list while rows are ticked. */
export function BulkBar({
  count,
  onClear,
  children,
}: {
  count: number
  onClear: () => void
  children: ReactNode
}) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-4 z-20 flex justify-center px-4">
      <div
        role="toolbar"
        aria-label="Selected rows"
        className="pointer-events-auto flex animate-pop-in items-center gap-2 rounded-lg bg-raised p-1.5 pl-3 shadow-float"
      >
        <span role="status" className="tabular whitespace-nowrap">
          {count.toLocaleString("en")} selected
        </span>
        <span aria-hidden className="h-4 border-l border-line" />
        {children}
        <IconButton label="Clear selection" keys="esc" size="sm" onClick={onClear}>
          <X />
        </IconButton>
      </div>
    </div>
  )
}
