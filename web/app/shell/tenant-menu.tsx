import type { ReactNode } from "react"
import { useMe } from "#web/api/me.ts"
import { Menu, type MenuEntry } from "#web/ui/menu.tsx"
import { useAccount } from "./use-account.ts"

/** The tenants that one belongs to, to change between them. */
export function TenantMenu({ children }: { children: ReactNode }) {
  const { tenant, tenants } = useMe()
  const { switchTenant } = useAccount()
  const entries: MenuEntry[] = [
    { heading: tenants.length > 1 ? "Your tenants" : "Your tenant" },
    ...tenants.map((one) => ({
      label: one.name,
      note: one.role,
      checked: one.id === tenant.id,
      onSelect: () => {
        if (one.id !== tenant.id) switchTenant(one.id)
      },
    })),
  ]
  return (
    <Menu entries={entries} className="w-60">
      {children}
    </Menu>
  )
}
