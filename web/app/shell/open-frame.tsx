import { Link, Outlet } from "@tanstack/react-router"
import { Button } from "#web/ui/button.tsx"
import { Logo } from "#web/ui/logo.tsx"
import { HeaderSlotsProvider, useHeaderSlots } from "#web/ui/page-header.tsx"

/** The frame of pages that need no account. */
export function OpenFrame() {
  const { slots, setCrumbs, setActions } = useHeaderSlots()
  return (
    <div className="flex h-full flex-col bg-surface">
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3 max-md:h-12">
        <Link
          to="/"
          aria-label="Edgecrew"
          className="focus-ring flex items-center gap-2 rounded-md pr-1 font-semibold"
        >
          <Logo className="size-5" />
          <span className="max-md:hidden">Edgecrew</span>
        </Link>
        <span aria-hidden className="h-4 border-l border-line" />
        <div ref={setCrumbs} className="flex min-w-0 flex-1" />
        <div ref={setActions} className="flex shrink-0 items-center gap-1.5 empty:hidden" />
        <Button asChild size="sm">
          <Link to="/login">Sign in</Link>
        </Button>
      </header>
      <HeaderSlotsProvider slots={slots}>
        <main className="flex min-h-0 flex-1 flex-col">
          <Outlet />
        </main>
      </HeaderSlotsProvider>
    </div>
  )
}
