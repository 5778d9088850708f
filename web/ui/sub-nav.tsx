import { Link, useLocation, type LinkProps } from "@tanstack/react-router"
import type { LucideIcon } from "lucide-react"
import { useLayoutEffect, useRef } from "react"
import { cn } from "./cn.ts"

type SubNavProps = {
  label: string
  pages: readonly { to: NonNullable<LinkProps["to"]>; label: string; icon: LucideIcon }[]
  className?: string
}

/** The navigation among pages that belong together: beside them, or on a phone above them in one line that is pushed along. */
export function SubNav({ label, pages, className }: SubNavProps) {
  const list = useRef<HTMLUListElement>(null)
  const current = useLocation({
    select: ({ pathname }) => pages.findIndex(({ to }) => pathname.startsWith(to)),
  })
  // The line may be longer than the phone is wide: where one is shall be seen.
  useLayoutEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: "nearest", inline: "center" })
  }, [current])
  return (
    <nav
      aria-label={label}
      className={cn(
        "shrink-0 border-line p-3 max-md:overflow-x-auto max-md:border-b max-md:p-2 md:border-r",
        className,
      )}
    >
      <ul ref={list} className="flex gap-px md:flex-col">
        {pages.map(({ to, label: name, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className="focus-ring flex h-7 items-center gap-2.5 rounded-md px-2 whitespace-nowrap text-soft hover:bg-hover hover:text-ink pointer-coarse:h-10 data-[status=active]:bg-active data-[status=active]:font-medium data-[status=active]:text-ink"
            >
              <Icon aria-hidden className="text-muted max-md:hidden" />
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
