import { Link } from "@tanstack/react-router"
import { LogOut } from "lucide-react"
import { useMe, useSetPreferences } from "#web/api/me.ts"
import { appearanceAtom } from "#web/state/appearance.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { cn } from "#web/ui/cn.ts"
import { Dialog } from "#web/ui/dialog.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { mainNav, sideNav } from "./nav-items.ts"
import { useNav } from "./use-nav.ts"
import { useAccount } from "./use-account.ts"

const line = "focus-ring-inset flex h-11 w-full items-center gap-3 rounded-md px-2 text-md hover:bg-hover"

/** What the bottom bar has no room for. */
export default function MoreSheet({ onClose }: { onClose: () => void }) {
  const { user, tenant, tenants } = useMe()
  const items = useNav([...mainNav.filter((item) => !item.inBar), ...sideNav])
  const { theme } = useAtomValue(appearanceAtom)
  const setPreferences = useSetPreferences()
  const { signOut, switchTenant } = useAccount()
  return (
    <Dialog open onOpenChange={onClose} title="More">
      <div className="-mx-2 flex flex-col pb-[env(safe-area-inset-bottom)]">
        {items.map((item) => (
          <Link key={item.to} to={item.to} onClick={onClose} className={line}>
            <item.icon aria-hidden className="text-muted" />
            {item.label}
          </Link>
        ))}
        <hr className="my-2 border-line" />
        <div className="flex items-center justify-between gap-3 px-2 py-1.5">
          <span className="text-md">Theme</span>
          <Segments
            label="Theme"
            value={theme}
            onChange={(value) => setPreferences({ theme: value })}
            segments={[
              { value: "system", label: "System" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
          />
        </div>
        <hr className="my-2 border-line" />
        {tenants.map((one) => (
          <button
            key={one.id}
            type="button"
            aria-current={one.id === tenant.id ? "true" : undefined}
            onClick={() => one.id !== tenant.id && switchTenant(one.id)}
            className={cn(line, one.id === tenant.id && "bg-hover")}
          >
            <Avatar name={one.name} seed={one.id} shape="square" />
            <span className="min-w-0 flex-1 truncate text-left">{one.name}</span>
            <span className="text-base text-muted">{one.role}</span>
          </button>
        ))}
        <hr className="my-2 border-line" />
        <button type="button" onClick={signOut} className={line}>
          <LogOut aria-hidden className="text-muted" />
          <span className="min-w-0 truncate">Sign out {user.email}</span>
        </button>
      </div>
    </Dialog>
  )
}
