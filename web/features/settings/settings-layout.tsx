import { Outlet } from "@tanstack/react-router"
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
import { SubNav } from "#web/ui/sub-nav.tsx"

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
      <SubNav label="Settings" pages={shown} className="md:w-48" />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Outlet />
      </div>
    </div>
  )
}
