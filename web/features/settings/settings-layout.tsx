import { Link, Outlet } from "@tanstack/react-router"
import {
  Building2,
  Gauge,
  KeyRound,
  LockKeyhole,
  LogIn,
  Palette,
  ShieldCheck,
  UserRound,
  Users,
} from "lucide-react"
import { useMe } from "#web/api/me.ts"

const pages = [
  { to: "/settings/profile", label: "Profile", icon: UserRound },
  { to: "/settings/appearance", label: "Appearance", icon: Palette },
  { to: "/settings/workspace", label: "Workspace", icon: Building2, needs: "workspace.edit" },
  { to: "/settings/members", label: "Members", icon: Users, needs: "user.read" },
  { to: "/settings/sso", label: "Single sign-on", icon: LogIn, needs: "workspace.edit" },
  { to: "/settings/quotas", label: "Quotas", icon: Gauge, needs: "budget.read" },
  { to: "/settings/privacy", label: "Privacy", icon: ShieldCheck },
  { to: "/settings/api-keys", label: "API keys", icon: KeyRound, needs: "key.read" },
  { to: "/settings/credentials", label: "Credentials", icon: LockKeyhole, needs: "credential.read" },
] as const

/** Settings: their own small navigation beside the page. */
export function SettingsLayout() {
  const { capabilities } = useMe()
  const shown = pages.filter((page) => !("needs" in page) || capabilities.includes(page.needs))
  return (
    <div className="flex min-h-0 flex-1 max-md:flex-col">
      <nav
        aria-label="Settings"
        className="shrink-0 border-line p-3 max-md:overflow-x-auto max-md:p-2 max-md:border-b md:w-48 md:border-r"
      >
        <ul className="flex gap-px md:flex-col">
          {shown.map(({ to, label, icon: Icon }) => (
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
