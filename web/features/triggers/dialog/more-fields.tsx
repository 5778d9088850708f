import { ChevronRight } from "lucide-react"
import type { ReactNode } from "react"

type MoreFieldsProps = {
  label: string
  /** Opens by itself: something in it is wrong. */
  isOpen: boolean
  children: ReactNode
}

/** Fields that most leave as they are. */
export const MoreFields = ({ label, isOpen, children }: MoreFieldsProps) => (
  <details open={isOpen || undefined} className="group/more rounded-md border border-line">
    <summary className="focus-ring-inset flex h-9 cursor-default list-none items-center gap-1.5 rounded-md px-3 text-soft hover:bg-hover">
      <ChevronRight aria-hidden className="size-3.5 text-muted group-open/more:rotate-90" />
      {label}
    </summary>
    <div className="flex flex-col gap-4 border-t border-line px-3 py-3">{children}</div>
  </details>
)
