import { useBlocker } from "@tanstack/react-router"
import { useState } from "react"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"

type Guarded = {
  isDirty: boolean
  isConflict: boolean
  putOff: () => void
  keepMine: () => Promise<boolean>
  loadTheirs: () => Promise<void>
}

/** Nothing that was typed is lost unasked: neither by leaving, nor by what somebody else has saved. `noun` is "agent" or "crew". */
export const DraftGuards = ({ draft, noun }: { draft: Guarded; noun: string }) => (
  <>
    <LeaveGuard isDirty={draft.isDirty} />
    {draft.isConflict && <ConflictDialog draft={draft} noun={noun} />}
  </>
)

function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  })
  return (
    <AlertDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => {
        if (!open) blocker.reset?.()
      }}
      title="Leave without saving?"
      description="Your changes are not saved yet. If you leave now, they are lost."
      act="Leave"
      onAct={() => blocker.proceed?.()}
    />
  )
}

/** Somebody else saved it meanwhile: one of the two has to win, and a person says which. */
function ConflictDialog({ draft, noun }: { draft: Guarded; noun: string }) {
  const [busy, setBusy] = useState<"mine" | "theirs" | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const choose = async (whose: "mine" | "theirs") => {
    setBusy(whose)
    setFailure(null)
    try {
      await (whose === "mine" ? draft.keepMine() : draft.loadTheirs())
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(null)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={draft.putOff}
      size="sm"
      title={`This ${noun} was changed elsewhere`}
      description="Someone saved it after you opened it. Your changes are still here and are not saved yet."
      footer={
        <>
          <Button busy={busy === "theirs"} disabled={busy !== null} onClick={() => void choose("theirs")}>
            Load theirs
          </Button>
          <Button
            tone="primary"
            busy={busy === "mine"}
            disabled={busy !== null}
            onClick={() => void choose("mine")}
          >
            Keep mine
          </Button>
        </>
      }
    >
      <p className="text-soft">
        “Load theirs” replaces what you typed. “Keep mine” saves yours as the next version; theirs stays among
        the versions.
      </p>
      {failure !== null && <ErrorNote error={failure} className="mt-3" />}
    </Dialog>
  )
}
