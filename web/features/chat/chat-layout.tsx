import { Outlet, useParams, useRouterState } from "@tanstack/react-router"
import { useEffect } from "react"
import { useWide } from "#web/ui/use-media.ts"
import { SessionList } from "./list/session-list.tsx"

/** All chats, and one of them beside; on a phone one after the other. */
export function ChatLayout() {
  const wide = useWide()
  const { chatId } = useParams({ strict: false })
  const isHome = useRouterState({ select: ({ location }) => /^\/chat\/?$/.test(location.pathname) })
  useEffect(() => {
    // Whoever looks at the list opens one of them next; without a connection the router says so.
    import("./chat-page.tsx").catch(() => undefined)
  }, [])
  if (!wide && !isHome) return <Outlet />
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-col border-line max-lg:flex-1 lg:w-72 lg:shrink-0 lg:border-r">
        <SessionList current={chatId} />
      </div>
      {wide ? (
        <div className="flex min-w-0 flex-1 flex-col">
          <Outlet />
        </div>
      ) : (
        // The page that names itself in the header.
        <div className="hidden">
          <Outlet />
        </div>
      )}
    </div>
  )
}
