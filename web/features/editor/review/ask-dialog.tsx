import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { queryKeys } from "#web/api/query-keys.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { publishedAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { WhatItBrings } from "../versions/what-it-brings.tsx"
import { askForReview } from "./queries.ts"

/** Asks others to approve the draft, with a note of what it brings. */
export function AskDialog({ onClose }: { onClose: () => void }) {
  const { flowId, live } = useEditor()
  const { version } = useAtomValue(publishedAtom)
  const queries = useQueryClient()
  const [note, setNote] = useState("")
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const send = async () => {
    setBusy(true)
    setFailure(null)
    try {
      if (!(await live.flush())) throw new Error("The draft could not be saved, so nobody can review it yet.")
      await askForReview(flowId, note.trim())
      await queries.invalidateQueries({ queryKey: queryKeys.flows })
      onClose()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title="Ask for a review"
      description="Somebody else approves the draft as it is now. After an edit it needs a new review."
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form="ask-review" busy={busy}>
            Ask for a review
          </Button>
        </>
      }
    >
      <form
        id="ask-review"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <Field label="Note" note="optional" help="What it brings, and what to look at.">
          <Textarea
            autoFocus
            value={note}
            maxLength={2000}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        <WhatItBrings since={version} />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  )
}
