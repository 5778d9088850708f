import { Outlet } from "@tanstack/react-router"
import { Building2, Database, HeartPulse, ToggleRight, UserRoundCog, Users } from "lucide-react"
import { SubNav } from "#web/ui/sub-nav.tsx"

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
      <SubNav label="Admin" pages={pages} className="md:w-44" />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Outlet />
      </div>
    </div>
  )
}
