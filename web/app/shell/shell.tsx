import { Outlet, useRouteContext } from "@tanstack/react-router"
import { lazy, Suspense, useCallback, useLayoutEffect, useState } from "react"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { useFollowPreferences, useMe } from "#web/api/me.ts"
import { HeaderSlotsProvider, useHeaderSlots } from "#web/ui/page-header.tsx"
import { AskForProof } from "./ask-for-proof.tsx"
import { BottomBar } from "./bottom-bar.tsx"
import { Header } from "./header.tsx"
import { OpenFrame } from "./open-frame.tsx"
import { Sidebar } from "./sidebar.tsx"
import { useShortcuts } from "./use-shortcuts.ts"

const Notices = lazy(() => import("./notices.tsx").then(({ Notices: component }) => ({ default: component })))
const Palette = lazy(() => import("./palette.tsx").then(({ Palette: component }) => ({ default: component })))

/** The frame around every page: the signed-in one, or for the open pages a plain one. */
export function Shell() {
  const { signedIn } = useRouteContext({ from: "/shell" })
  // What index.html shows meanwhile.
  useLayoutEffect(() => document.getElementById("frame")?.remove(), [])
  return <TooltipProvider>{signedIn ? <SignedInFrame /> : <OpenFrame />}</TooltipProvider>
}

function SignedInFrame() {
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const [wasPaletteOpen, setWasPaletteOpen] = useState(false)
  const openPalette = useCallback(() => {
    setWasPaletteOpen(true)
    setPaletteOpen(true)
  }, [])
  const { support, suspension } = useMe()
  const { slots, setCrumbs, setActions } = useHeaderSlots()
  useShortcuts(openPalette)
  useFollowPreferences()
  return (
    <div className="flex h-full">
      <a
        href="#page"
        className="focus-ring absolute top-1 left-1 z-50 -translate-y-12 rounded-md bg-raised px-3 py-1.5 focus:translate-y-0 focus:shadow-float"
      >
        Skip to the page
      </a>
      <Sidebar />
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        {(support || suspension) && (
          <Suspense>
            <Notices />
          </Suspense>
        )}
        <Header crumbs={setCrumbs} actions={setActions} onSearch={openPalette} />
        <HeaderSlotsProvider slots={slots}>
          <main id="page" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
            <Outlet />
          </main>
        </HeaderSlotsProvider>
        <BottomBar />
      </div>
      <AskForProof />
      {wasPaletteOpen && (
        <Suspense>
          <Palette open={isPaletteOpen} onOpenChange={setPaletteOpen} />
        </Suspense>
      )}
    </div>
  )
}
