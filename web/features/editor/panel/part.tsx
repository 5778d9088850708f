import type { ReactNode } from "react"

/** A named piece of a result. */
export const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div role="group" aria-label={title} className="flex min-w-0 flex-col gap-1.5">
    <h3 className="text-sm font-medium">{title}</h3>
    {children}
  </div>
)
