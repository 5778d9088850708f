import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { useEffect } from "react"
import { session } from "#web/state/session.ts"
import { Toaster } from "#web/ui/toast.tsx"
import { queryClient } from "./query-client.ts"
import { router } from "./router.tsx"

export function App() {
  useEffect(() => session.watchOtherTabs(), [])
  useEffect(
    () =>
      session.onEnd((ending) => {
        if (ending === "tenant_changed") {
          // Another tenant's data must not stay on a page of this one.
          queryClient.clear()
          location.assign("/")
        }
        // The guard of the page sends to the sign-in and remembers the way back; who leaves wants no way back.
        else if (ending === "lost") void router.invalidate()
        else void router.navigate({ to: "/login", search: {} })
      }),
    [],
  )
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster />
    </QueryClientProvider>
  )
}
