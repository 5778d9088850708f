import { createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router"
import { meQuery } from "#web/api/me.ts"
import { session } from "#web/state/session.ts"
import { pageCode } from "./page-code.ts"
import { isSignedIn, root } from "./routes-outside.tsx"
import { DocsSearch } from "./search.ts"

/** The frame around every page but the strangers'. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: lazyRouteComponent(() => pageCode(() => import("./shell/shell.tsx")), "Shell"),
  beforeLoad: async ({ context, matches }) => {
    if (session.mayResume()) context.fetchCode(matches.map((match) => match.routeId))
    const signedIn = await isSignedIn()
    if (signedIn) await context.queries.ensureQueryData(meQuery)
    return { signedIn }
  },
})
/** The reference is for everyone, with or without the frame of a signed-in person. */
export const docs = createRoute({
  getParentRoute: () => shell,
  path: "/docs",
  validateSearch: DocsSearch,
  component: lazyRouteComponent(() => pageCode(() => import("#web/features/docs/docs-page.tsx")), "DocsPage"),
})

/** Pages of whoever is signed in. */
export const inside = createRoute({
  getParentRoute: () => shell,
  id: "inside",
  component: Outlet,
  beforeLoad: ({ context, location }) => {
    if (!context.signedIn)
      throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } })
  },
})
export const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/flows", replace: true })
  },
})
