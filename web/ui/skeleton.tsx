import type { ReactNode } from "react"
import { cn } from "./cn.ts"

/** A grey shape where content will be, of the content's size, so that nothing moves when it comes. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cn("block h-3 animate-pulse rounded-sm bg-active", className)} />
)

/** Announces that something loads, for those who do not see the shapes. */
export const Loading = ({
  what,
  children,
  className,
}: {
  what: string
  children: ReactNode
  className?: string
}) => (
  <div role="status" aria-label={`Loading ${what}`} className={className}>
    {children}
  </div>
)
