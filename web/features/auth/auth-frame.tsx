import type { ReactNode } from "react"
import { Logo } from "#web/ui/logo.tsx"
import { FlowDrawing } from "./flow-drawing.tsx"

type AuthFrameProps = { title: string; lead?: ReactNode; foot: ReactNode; children: ReactNode }

/** The page of someone who is not signed in yet: a form, and beside it what this is about. */
export function AuthFrame({ title, lead, foot, children }: AuthFrameProps) {
  return (
    <div className="grid h-full bg-surface lg:grid-cols-[minmax(26rem,2fr)_3fr]">
      <main className="flex min-h-0 flex-col overflow-y-auto px-6 py-8 md:px-10">
        <p className="flex items-center gap-2.5 text-md font-semibold">
          <Logo />
          Edgecrew
        </p>
        <div className="m-auto w-full max-w-[22rem] py-10">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          {lead && <p className="mt-1 text-muted">{lead}</p>}
          <div className="mt-6">{children}</div>
          <p className="mt-6 text-muted">{foot}</p>
        </div>
      </main>
      <aside aria-hidden className="relative overflow-hidden border-l border-line bg-page max-lg:hidden">
        <FlowDrawing />
      </aside>
    </div>
  )
}
