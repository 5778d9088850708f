import { CircleAlert, CloudOff, LoaderCircle, Unplug } from "lucide-react"
import type { ReactNode } from "react"
import { useAtomValue } from "#web/state/jotai.ts"
import { sayWhen } from "#web/ui/relative-time.tsx"
import { useNow } from "#web/ui/use-now.ts"
import { liveStateAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import type { Ending } from "../live/line.ts"

/** "2 s ago" for the first minute, then as everywhere. */
function sayAgo(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  return seconds < 2 ? "just now" : seconds < 60 ? `${seconds} s ago` : sayWhen(at, now)
}

const endingWords: Record<Ending, string> = {
  superseded: "This window was opened again elsewhere. Reload to go on here",
  revoked: "You have no access to this flow any more",
  gone: "This flow was deleted",
}

/** Where one's edits stand, in a few quiet words; loud only when a person has to act. */
export function SaveStatus() {
  const { mayEdit } = useEditor()
  const state = useAtomValue(liveStateAtom)
  const now = useNow(state.is === "saved" && mayEdit ? 1_000 : null)
  switch (state.is) {
    case "saved":
      return (
        <span className="tabular text-muted max-md:sr-only">
          {mayEdit ? `Saved ${sayAgo(state.at, now)}` : "View only"}
        </span>
      )
    case "connecting":
      return <Busy>Connecting</Busy>
    case "saving":
      return <Busy>Saving</Busy>
    case "offline":
      return (
        <span className="inline-flex items-center gap-1.5 text-waiting">
          <CloudOff aria-hidden className="size-3.5" />
          {state.waiting === 0 ? "Reconnecting" : "Offline, kept here until the server answers"}
        </span>
      )
    case "refused":
      return (
        <span className="inline-flex min-w-0 items-center gap-1.5 text-failed">
          <CircleAlert aria-hidden className="size-3.5" />
          <span className="truncate">Not saved: {state.message}</span>
        </span>
      )
    case "ended":
      return (
        <span role="alert" className="inline-flex min-w-0 items-center gap-1.5 text-attention">
          <Unplug aria-hidden className="size-3.5" />
          <span className="truncate">{endingWords[state.why]}</span>
        </span>
      )
    default:
      return state satisfies never
  }
}

const Busy = ({ children }: { children: ReactNode }) => (
  <span className="inline-flex items-center gap-1.5 text-muted">
    <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
    {children}
  </span>
)
