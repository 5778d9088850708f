import { Link } from "@tanstack/react-router"
import { ChevronsUpDown, PanelLeft } from "lucide-react"
import { useMe } from "#web/api/me.ts"
import { appearanceAtom } from "#web/state/appearance.ts"
import { useAtom } from "#web/state/jotai.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { AccountMenu } from "./account-menu.tsx"
import { OpenApprovals } from "./open-approvals.tsx"
import { mainNav, sideNav, type NavItem } from "./nav-items.ts"
import { useNav } from "./use-nav.ts"
import { TenantMenu } from "./tenant-menu.tsx"

const trigger =
  "focus-ring flex min-w-0 flex-1 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover data-[state=open]:bg-hover icons-nav:flex-none"

/** The left navigation: 208 px, or icons alone. */
export function Sidebar() {
  const { tenant, user } = useMe()
  return (
    <div className="flex h-full w-52 shrink-0 flex-col border-r border-line bg-page icons-nav:w-12 max-md:hidden">
      <div className="flex h-11 items-center gap-1 px-2 icons-nav:justify-center">
        <TenantMenu>
          <button type="button" className={`${trigger} h-8`}>
            <Avatar name={tenant.name} seed={tenant.id} shape="square" />
            <span className="min-w-0 truncate font-semibold icons-nav:sr-only">{tenant.name}</span>
            <ChevronsUpDown aria-hidden className="size-3.5 text-muted icons-nav:hidden" />
          </button>
        </TenantMenu>
      </div>
      <nav aria-label="Main" className="flex min-h-0 flex-1 flex-col overflow-y-auto px-2 pt-1 pb-2">
        <Items items={mainNav} />
        <span className="flex-1" />
        <Items items={sideNav} />
      </nav>
      <div className="flex h-11 items-center gap-1 border-t border-line px-2 icons-nav:h-auto icons-nav:flex-col icons-nav:py-1.5">
        <AccountMenu>
          <button type="button" className={`${trigger} h-8`}>
            <Avatar name={user.name || user.email} seed={user.id} />
            <span className="min-w-0 truncate icons-nav:sr-only">{user.name || user.email}</span>
          </button>
        </AccountMenu>
        <CollapseButton />
      </div>
    </div>
  )
}

function CollapseButton() {
  const [{ nav }, set] = useAtom(appearanceAtom)
  return (
    <IconButton
      label={nav === "icons" ? "Widen the navigation" : "Narrow the navigation"}
      keys="["
      size="sm"
      className="text-muted"
      onClick={() => set({ nav: nav === "icons" ? "wide" : "icons" })}
    >
      <PanelLeft />
    </IconButton>
  )
}

function Items({ items }: { items: readonly NavItem[] }) {
  return (
    <ul className="flex flex-col gap-px">
      {useNav(items).map((item) => (
        <Item key={item.to} item={item} />
      ))}
    </ul>
  )
}

function Item({ item }: { item: NavItem }) {
  const { nav } = useAtom(appearanceAtom)[0]
  const link = (
    <Link
      to={item.to}
      className="focus-ring flex h-7 items-center gap-2.5 rounded-md px-2 text-soft hover:bg-hover hover:text-ink icons-nav:size-8 icons-nav:relative icons-nav:justify-center icons-nav:px-0 data-[status=active]:bg-active data-[status=active]:font-medium data-[status=active]:text-ink"
    >
      <item.icon aria-hidden className="text-muted in-data-[status=active]:text-ink" />
      <span className="truncate icons-nav:sr-only">{item.label}</span>
      {item.counts && (
        <OpenApprovals className="icons-nav:absolute icons-nav:-top-0.5 icons-nav:-right-0.5" />
      )}
    </Link>
  )
  return (
    <li>
      {nav === "icons" ? (
        <Tooltip text={item.label} keys={`g ${item.key}`} side="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  )
}
