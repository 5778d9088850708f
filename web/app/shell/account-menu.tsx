import { useNavigate } from "@tanstack/react-router"
import { LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react"
import type { ReactNode } from "react"
import { useMe, useSetPreferences } from "#web/api/me.ts"
import { appearanceAtom, type Theme } from "#web/state/appearance.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { Menu, type MenuEntry } from "#web/ui/menu.tsx"
import { useAccount } from "./use-account.ts"

export const themes: readonly { value: Theme; label: string; icon: typeof Sun }[] = [
  { value: "system", label: "System theme", icon: Monitor },
  { value: "light", label: "Light theme", icon: Sun },
  { value: "dark", label: "Dark theme", icon: Moon },
]

/** Who one is, how the pages look, and the way out. */
export function AccountMenu({ children, side = "top" }: { children: ReactNode; side?: "top" | "bottom" }) {
  const { user, role } = useMe()
  const navigate = useNavigate()
  const { theme } = useAtomValue(appearanceAtom)
  const setPreferences = useSetPreferences()
  const { signOut } = useAccount()
  const entries: MenuEntry[] = [
    { label: "Profile", icon: UserRound, onSelect: () => void navigate({ to: "/settings/profile" }) },
    "divider",
    ...themes.map(({ value, label, icon }) => ({
      label,
      icon,
      checked: theme === value,
      onSelect: () => setPreferences({ theme: value }),
    })),
    "divider",
    { label: "Sign out", icon: LogOut, onSelect: signOut },
  ]
  const top = (
    <div className="mb-1 flex items-center gap-2.5 border-b border-line px-2 pt-1.5 pb-2.5">
      <Avatar name={user.name || user.email} seed={user.id} size="md" />
      <div className="min-w-0">
        <p className="truncate font-medium">{user.name || user.email}</p>
        <p className="truncate text-sm text-muted">
          {user.email} · {role}
        </p>
      </div>
    </div>
  )
  return (
    <Menu entries={entries} side={side} top={top} className="w-64">
      {children}
    </Menu>
  )
}
