import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router"
import type { QueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import * as z from "zod"
import { Failure } from "#core/errors"
import { resume } from "#web/api/refresh.ts"
import { localPath } from "#web/state/local-path.ts"
import { session } from "#web/state/session.ts"
import { LostPage } from "./fallback-pages.tsx"
import { pageCode } from "./page-code.ts"
import { queryClient } from "./query-client.ts"

type RouterContext = {
  queries: QueryClient
  /** Fetches the code of these routes while their guards still ask who is there. */
  fetchCode: (routeIds: readonly string[]) => void
}

/** What every page stands under. */
export const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: LostPage,
})

/**
 * Whoever sees the sign-in keeps nothing that an earlier session has read. It is forgotten here and not when the session ends:
 * the page on its way out still shows what it read, and would ask for it again in vain.
 */
function Outside() {
  useEffect(() => queryClient.clear(), [])
  return <Outlet />
}

/** The token, by the cookie if there is none yet. False when nobody is signed in. */
export async function isSignedIn(): Promise<boolean> {
  if (session.token !== null) return true
  if (!session.mayResume()) return false
  try {
    await resume()
    return true
  } catch (error) {
    if (error instanceof Failure && error.status === 401) return false
    throw error
  }
}

const outside = createRoute({
  getParentRoute: () => root,
  id: "outside",
  component: Outside,
  validateSearch: z.object({ next: z.string().optional().catch(undefined) }),
  beforeLoad: async ({ search }) => {
    if (await isSignedIn().catch(() => false)) throw redirect({ href: localPath(search.next) })
  },
})
const login = createRoute({
  getParentRoute: () => outside,
  path: "/login",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/auth/login-page.tsx")),
    "LoginPage",
  ),
})
const register = createRoute({
  getParentRoute: () => outside,
  path: "/register",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/auth/register-page.tsx")),
    "RegisterPage",
  ),
})
const forgot = createRoute({
  getParentRoute: () => outside,
  path: "/forgot",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/auth/forgot-page.tsx")),
    "ForgotPage",
  ),
})
const company = createRoute({
  getParentRoute: () => outside,
  path: "/login/company",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/auth/sso/company-page.tsx")),
    "CompanyPage",
  ),
})

/** Where a tenant's OpenID provider leads back to. */
const arrived = createRoute({
  getParentRoute: () => root,
  path: "/sso",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/auth/sso/arrived-page.tsx")),
    "ArrivedPage",
  ),
})

/** Links of mails. Their secret stands behind the `#`, so that no server is sent it; whoever is signed in may open them too. */
const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  beforeLoad: async () => ({ signedIn: await isSignedIn().catch(() => false) }),
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/auth/invite/invite-page.tsx")),
    "InvitePage",
  ),
})
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/auth/reset-page.tsx")),
    "ResetPage",
  ),
})

/** What a stranger is sent a link to. It asks for no account, whoever looks at it, and leads nowhere else. */
const approve = createRoute({
  getParentRoute: () => root,
  path: "/approve/$token",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/approvals/approve-page.tsx")),
    "ApprovePage",
  ),
})
const hostedForm = createRoute({
  getParentRoute: () => root,
  path: "/form/$token",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/forms/form-page.tsx")),
    "FormPage",
  ),
})

const sharedChat = createRoute({
  getParentRoute: () => root,
  path: "/shared-chats/$token",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/chat/share/shared-page.tsx")),
    "SharedPage",
  ),
})

/** Pages of those who are not signed in, and of strangers. */
export const outsiders = [
  outside.addChildren([login, company, register, forgot]),
  arrived,
  invite,
  reset,
  approve,
  hostedForm,
  sharedChat,
] as const
