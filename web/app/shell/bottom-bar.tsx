import { Link } from "@tanstack/react-router"
import { Ellipsis } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { OpenApprovals } from "./open-approvals.tsx"
import { mainNav } from "./nav-items.ts"

const MoreSheet = lazy(() => import("./more-sheet.tsx"))

const tab =
  "focus-ring-inset flex flex-1 flex-col items-center justify-center gap-0.5 text-xs text-muted data-[status=active]:font-medium data-[status=active]:text-ink aria-expanded:text-ink"

/** The navigation under a thumb; what is used less opens as a sheet. */
export function BottomBar() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <nav
        aria-label="Main"
        className="flex h-[calc(3.5rem+env(safe-area-inset-bottom))] shrink-0 border-t border-line bg-page pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {mainNav
          .filter((item) => item.inBar)
          .map((item) => (
            <Link key={item.to} to={item.to} className={tab}>
              <span className="relative">
                <item.icon aria-hidden className="size-5" />
                {item.counts && <OpenApprovals className="absolute -top-1.5 left-3" />}
              </span>
              {item.label}
            </Link>
          ))}
        <button
          type="button"
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => setOpen(true)}
          className={tab}
        >
          <Ellipsis aria-hidden className="size-5" />
          More
        </button>
      </nav>
      {isOpen && (
        <Suspense>
          <MoreSheet onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
