import { Link, Outlet } from "@tanstack/react-router"
import { Building2, Database, HeartPulse, ToggleRight, UserRoundCog, Users } from "lucide-react"

const pages = [
  { to: "/admin/tenants", label: "Tenants", icon: Building2 },
  { to: "/admin/people", label: "People", icon: Users },
  { to: "/admin/health", label: "Health", icon: HeartPulse },
  { to: "/admin/databases", label: "Databases", icon: Database },
  { to: "/admin/switches", label: "Switches", icon: ToggleRight },
  { to: "/admin/support", label: "Support", icon: UserRoundCog },
] as const

/** The installation's own pages, for platform admins. */
export function AdminLayout() {
  return (
    <div className="flex min-h-0 flex-1 max-md:flex-col">
      <nav
        aria-label="Admin"
        className="shrink-0 border-line p-3 max-md:overflow-x-auto max-md:p-2 max-md:border-b md:w-44 md:border-r"
      >
        <ul className="flex gap-px md:flex-col">
          {pages.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                className="focus-ring flex h-7 items-center gap-2.5 rounded-md px-2 whitespace-nowrap text-soft hover:bg-hover hover:text-ink pointer-coarse:h-10 data-[status=active]:bg-active data-[status=active]:font-medium data-[status=active]:text-ink"
              >
                <Icon aria-hidden className="text-muted max-md:hidden" />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Outlet />
      </div>
    </div>
  )
}
