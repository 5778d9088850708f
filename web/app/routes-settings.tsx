import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router"
import { pageCode } from "./page-code.ts"
import { inside } from "./routes-inside.tsx"
import { CredentialsSearch, KeysSearch, MembersSearch } from "./search.ts"

const frame = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/settings-layout.tsx")),
    "SettingsLayout",
  ),
})
const settingsHome = createRoute({
  getParentRoute: () => frame,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true })
  },
})
const profile = createRoute({
  getParentRoute: () => frame,
  path: "/profile",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/profile-page.tsx")),
    "ProfilePage",
  ),
})
const appearance = createRoute({
  getParentRoute: () => frame,
  path: "/appearance",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/appearance-page.tsx")),
    "AppearancePage",
  ),
})
const workspace = createRoute({
  getParentRoute: () => frame,
  path: "/workspace",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/workspace-page.tsx")),
    "WorkspacePage",
  ),
})
const members = createRoute({
  getParentRoute: () => frame,
  path: "/members",
  validateSearch: MembersSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/members/members-page.tsx")),
    "MembersPage",
  ),
})
const sso = createRoute({
  getParentRoute: () => frame,
  path: "/sso",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/sso/sso-page.tsx")),
    "SsoPage",
  ),
})
const privacy = createRoute({
  getParentRoute: () => frame,
  path: "/privacy",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/privacy/privacy-page.tsx")),
    "PrivacyPage",
  ),
})
const report = createRoute({
  getParentRoute: () => frame,
  path: "/privacy/reports/$report",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/privacy/report-page.tsx")),
    "ReportPage",
  ),
})
const apiKeys = createRoute({
  getParentRoute: () => frame,
  path: "/api-keys",
  validateSearch: KeysSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/api-keys-page.tsx")),
    "ApiKeysPage",
  ),
})
const credentials = createRoute({
  getParentRoute: () => frame,
  path: "/credentials",
  validateSearch: CredentialsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/credentials-page.tsx")),
    "CredentialsPage",
  ),
})

const quotas = createRoute({
  getParentRoute: () => frame,
  path: "/quotas",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/settings/quotas-page.tsx")),
    "QuotasPage",
  ),
})

/** Settings, under their own small navigation. */
export const settings = frame.addChildren([
  settingsHome,
  profile,
  appearance,
  workspace,
  members,
  sso,
  quotas,
  privacy,
  report,
  apiKeys,
  credentials,
])
