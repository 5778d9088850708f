import { useState } from "react"
import { useAtom, useAtomValue } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { conflictPutOffAtom, saveStateAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { draftOf, fetchFlow } from "../queries.ts"

/** Someone else saved this flow meanwhile: one of the two has to win, and a person says which. */
export function ConflictDialog() {
  const { flowId, autosave, commands } = useEditor()
  const isConflict = useAtomValue(saveStateAtom).is === "conflict"
  const [putOff, setPutOff] = useAtom(conflictPutOffAtom)
  const [busy, setBusy] = useState<"mine" | "theirs" | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const choose = async (whose: "mine" | "theirs") => {
    setBusy(whose)
    setFailure(null)
    try {
      const { flow } = await fetchFlow(flowId)
      if (whose === "mine") await autosave.keepMine(flow.version)
      else {
        const theirs = draftOf(flow)
        autosave.adopt(theirs, flow.version)
        commands.replace(theirs)
      }
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(null)
    }
  }
  return (
    <Dialog
      open={isConflict && !putOff}
      onOpenChange={(open) => setPutOff(!open)}
      size="sm"
      title="This flow was changed elsewhere"
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
        “Load theirs” replaces what you see; undo brings yours back. “Keep mine” saves yours over theirs.
      </p>
      {failure !== null && <ErrorNote error={failure} className="mt-3" />}
    </Dialog>
  )
}
