import { useMe } from "#web/api/me.ts"
import type { NavItem } from "./nav-items.ts"

/** The pages that this person may open. */
export function useNav(items: readonly NavItem[]): NavItem[] {
  const { capabilities, is_platform_admin } = useMe()
  return items.filter(
    ({ needs, platform }) =>
      (needs === undefined || capabilities.includes(needs)) && (!platform || is_platform_admin),
  )
}
