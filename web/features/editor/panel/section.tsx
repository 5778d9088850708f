import { ChevronRight } from "lucide-react"
import { useId, useState, type ReactNode } from "react"
import { cn } from "#web/ui/cn.ts"

/** A part of a panel that folds. */
export function Section({
  title,
  startsOpen = true,
  children,
}: {
  title: string
  startsOpen?: boolean
  children: ReactNode
}) {
  const [open, setOpen] = useState(startsOpen)
  const id = useId()
  return (
    <section className="border-t" aria-labelledby={id}>
      <h3>
        <button
          id={id}
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="focus-ring-inset flex h-9 w-full items-center gap-1.5 px-3 text-sm font-medium hover:bg-hover pointer-coarse:h-11"
        >
          <ChevronRight
            aria-hidden
            className={cn("size-3.5 text-muted transition-transform duration-[120ms]", open && "rotate-90")}
          />
          {title}
        </button>
      </h3>
      {open && <div className="flex flex-col gap-4 px-3 pt-1 pb-4">{children}</div>}
    </section>
  )
}
