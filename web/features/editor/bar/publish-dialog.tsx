import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { queryKeys } from "#web/api/query-keys.ts"
import { useAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { publishedAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { publishNow } from "../panel/queries.ts"
import { WhatItBrings } from "../versions/what-it-brings.tsx"

type PublishDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The number that the version will have. */
  next: number
}

/** Asks for a note of what the version brings, and publishes the draft as the server has it. */
export function PublishDialog({ open, onOpenChange, next }: PublishDialogProps) {
  const { flowId, live } = useEditor()
  const [{ version: published }, setPublished] = useAtom(publishedAtom)
  const queries = useQueryClient()
  const [note, setNote] = useState("")
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const publish = async () => {
    setBusy(true)
    setFailure(null)
    try {
      if (!(await live.flush()))
        throw new Error("The draft could not be saved, so it cannot be published yet.")
      const { draft, version } = await publishNow(flowId, note.trim())
      setPublished({ version, draft })
      await queries.invalidateQueries({ queryKey: queryKeys.flows })
      setNote("")
      onOpenChange(false)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="sm"
      title={`Publish version ${next}`}
      description="The API and other people execute the published version; the draft goes on by itself."
      footer={
        <>
          <Button tone="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form="publish" busy={busy}>
            Publish version {next}
          </Button>
        </>
      }
    >
      <form
        id="publish"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void publish()
        }}
      >
        <Field label="Note" note="optional" help="What this version brings, for the history.">
          <Textarea value={note} maxLength={1000} onChange={(event) => setNote(event.target.value)} />
        </Field>
        <WhatItBrings since={published} />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  )
}
