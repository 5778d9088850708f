import type { LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn.ts"

type EmptyStateProps = {
  icon: LucideIcon
  title: ReactNode
  /** What this place is for, in one or two sentences. */
  children?: ReactNode
  /** The one next act. */
  action?: ReactNode
  /** `h1` where no header names the page. */
  heading?: "h1" | "h2"
  className?: string
}

export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  heading: Heading = "h2",
  className,
}: EmptyStateProps) {
  return (
    <div className={cn("mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center", className)}>
      <span className="mb-4 flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-muted">
        <Icon aria-hidden className="size-5" />
      </span>
      <Heading className="text-md font-semibold">{title}</Heading>
      {children && <div className="mt-1 text-muted text-pretty">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
