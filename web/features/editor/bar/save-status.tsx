import { CircleAlert, CloudOff, LoaderCircle } from "lucide-react"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { sayError } from "#web/ui/say-error.ts"
import { sayWhen } from "#web/ui/relative-time.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { useNow } from "#web/ui/use-now.ts"
import { conflictPutOffAtom, saveStateAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"

/** "2 s ago" for the first minute, then as everywhere. */
function sayAgo(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  return seconds < 2 ? "just now" : seconds < 60 ? `${seconds} s ago` : sayWhen(at, now)
}

/** Where the draft stands, in a few quiet words; loud only when a person has to act. */
export function SaveStatus() {
  const { autosave } = useEditor()
  const state = useAtomValue(saveStateAtom)
  const setPutOff = useSetAtom(conflictPutOffAtom)
  const now = useNow(state.is === "saved" ? 1_000 : null)
  switch (state.is) {
    case "saved":
      return <span className="tabular text-muted max-md:sr-only">Saved {sayAgo(state.at, now)}</span>
    case "unsaved":
      return (
        <Tooltip text="Save now" keys="mod+s">
          <button
            type="button"
            onClick={() => void autosave.flush()}
            className="focus-ring rounded-sm text-muted hover:text-ink"
          >
            Unsaved changes
          </button>
        </Tooltip>
      )
    case "saving":
      return (
        <span className="inline-flex items-center gap-1.5 text-muted">
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
          Saving
        </span>
      )
    case "offline":
      return (
        <span className="inline-flex items-center gap-1.5 text-waiting">
          <CloudOff aria-hidden className="size-3.5" />
          Offline, kept here until the server answers
        </span>
      )
    case "conflict":
      return (
        <button
          type="button"
          onClick={() => setPutOff(false)}
          className="focus-ring inline-flex items-center gap-1.5 rounded-sm text-attention hover:underline"
        >
          <CircleAlert aria-hidden className="size-3.5" />
          Changed elsewhere: choose which to keep
        </button>
      )
    case "refused":
      return (
        <span className="inline-flex min-w-0 items-center gap-1.5 text-failed">
          <CircleAlert aria-hidden className="size-3.5" />
          <span className="truncate">Not saved: {sayError(state.error).detail}</span>
        </span>
      )
    default:
      return state satisfies never
  }
}
