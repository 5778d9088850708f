import { createRoute, lazyRouteComponent, notFound, redirect } from "@tanstack/react-router"
import { meQuery } from "#web/api/me.ts"
import { pageCode } from "./page-code.ts"
import { inside } from "./routes-inside.tsx"
import { AdminPeopleSearch, AdminTenantsSearch } from "./search.ts"

const admin = createRoute({
  getParentRoute: () => inside,
  path: "/admin",
  // There is no such page for anybody else, as there are no such routes of the Worker.
  beforeLoad: async ({ context }) => {
    const me = await context.queries.ensureQueryData(meQuery)
    // oxlint-disable-next-line typescript/only-throw-error -- the router's own way to say so
    if (!me.is_platform_admin) throw notFound()
  },
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/admin-layout.tsx")),
    "AdminLayout",
  ),
})
const adminHome = createRoute({
  getParentRoute: () => admin,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/tenants", replace: true })
  },
})
const tenants = createRoute({
  getParentRoute: () => admin,
  path: "/tenants",
  validateSearch: AdminTenantsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/tenants-page.tsx")),
    "TenantsPage",
  ),
})
const tenant = createRoute({
  getParentRoute: () => admin,
  path: "/tenants/$tenantId",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/tenant-page.tsx")),
    "TenantPage",
  ),
})
const people = createRoute({
  getParentRoute: () => admin,
  path: "/people",
  validateSearch: AdminPeopleSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/people-page.tsx")),
    "PeoplePage",
  ),
})
const health = createRoute({
  getParentRoute: () => admin,
  path: "/health",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/health-page.tsx")),
    "HealthPage",
  ),
})
const databases = createRoute({
  getParentRoute: () => admin,
  path: "/databases",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/slots-page.tsx")),
    "SlotsPage",
  ),
})
const switches = createRoute({
  getParentRoute: () => admin,
  path: "/switches",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/switches-page.tsx")),
    "SwitchesPage",
  ),
})
const support = createRoute({
  getParentRoute: () => admin,
  path: "/support",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/admin/support-page.tsx")),
    "SupportPage",
  ),
})

/** The installation's own pages. */
export const adminPages = admin.addChildren([
  adminHome,
  tenants,
  tenant,
  people,
  health,
  databases,
  switches,
  support,
])
