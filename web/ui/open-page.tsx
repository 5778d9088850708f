import { useLayoutEffect, type ReactNode } from "react"
import { cn } from "./cn.ts"
import { Logo } from "./logo.tsx"
import { TooltipProvider } from "./tooltip.tsx"

type OpenPageProps = {
  /** The window's title. */
  title: string
  /** On whose behalf this is asked. */
  from?: string | undefined
  /** For something to read rather than to fill in. */
  wide?: boolean
  children: ReactNode
}

/** The page of a link that somebody without an account was sent: one thing, from one sender, and no way further in. */
export function OpenPage({ title, from, wide = false, children }: OpenPageProps) {
  useLayoutEffect(() => {
    document.title = title
  }, [title])
  return (
    <TooltipProvider>
      <div className="h-full overflow-y-auto bg-page">
        {/* Hoisted to the head: a link that was sent to one person belongs in no index. */}
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <div
          className={cn(
            "mx-auto flex min-h-full max-w-xl flex-col md:px-6 md:py-12",
            wide && "max-w-3xl md:py-8",
          )}
        >
          <main className="flex flex-1 flex-col gap-5 bg-surface px-5 py-6 md:flex-none md:rounded-lg md:border md:border-line md:px-8 md:py-8 md:shadow-near">
            {from !== undefined && <p className="truncate text-sm font-medium text-muted">{from}</p>}
            {children}
          </main>
          <footer className="flex items-center justify-center gap-1.5 py-4 text-sm text-muted max-md:bg-surface">
            <Logo className="size-4" />
            Edgecrew
          </footer>
        </div>
      </div>
    </TooltipProvider>
  )
}
