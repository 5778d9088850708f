import { Link } from "@tanstack/react-router"
import { Ellipsis, LogOut } from "lucide-react"
import { useState } from "react"
import { useMe, useSetPreferences } from "#web/api/me.ts"
import { appearanceAtom } from "#web/state/appearance.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { cn } from "#web/ui/cn.ts"
import { Dialog } from "#web/ui/dialog.tsx"
import { Segments } from "#web/ui/tabs.tsx"
import { mainNav, sideNav } from "./nav-items.ts"
import { useAccount } from "./use-account.ts"

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
        {mainNav.map((item) => (
          <Link key={item.to} to={item.to} className={tab}>
            <item.icon aria-hidden className="size-5" />
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
      <Dialog open={isOpen} onOpenChange={setOpen} title="More">
        <MoreSheet onLeave={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const line = "focus-ring-inset flex h-11 w-full items-center gap-3 rounded-md px-2 text-md hover:bg-hover"

function MoreSheet({ onLeave }: { onLeave: () => void }) {
  const { user, tenant, tenants } = useMe()
  const { theme } = useAtomValue(appearanceAtom)
  const setPreferences = useSetPreferences()
  const { signOut, switchTenant } = useAccount()
  return (
    <div className="-mx-2 flex flex-col pb-[env(safe-area-inset-bottom)]">
      {sideNav.map((item) => (
        <Link key={item.to} to={item.to} onClick={onLeave} className={line}>
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
  )
}
