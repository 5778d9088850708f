import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { isValid } from "#core/flow/validate"
import { queryKeys } from "#web/api/query-keys.ts"
import { useAtom, useAtomValue, useStore } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { draftAtom, findingsAtom, isPublishedAtom, publishedAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { publishFlow } from "../queries.ts"

/** Freezes the draft as the next version, with a note of what it brings. */
export function PublishButton() {
  const { flowId, autosave } = useEditor()
  const [published, setPublished] = useAtom(publishedAtom)
  const store = useStore()
  const valid = isValid([...useAtomValue(findingsAtom)])
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const isSame = useAtomValue(isPublishedAtom)
  const next = (published.version ?? 0) + 1

  const publish = async (note: string) => {
    if (!(await autosave.flush()))
      throw new Error("The draft could not be saved, so it cannot be published yet.")
    const draft = store.get(draftAtom)
    const { version } = await publishFlow(flowId, autosave.version, note.trim())
    setPublished({ version, draft })
    await queries.invalidateQueries({ queryKey: queryKeys.flows })
  }
  const why = !valid ? "Mend the errors first" : isSame ? "Nothing has changed since this version" : null
  const button = (
    <Button
      tone="primary"
      size="sm"
      aria-disabled={why !== null || undefined}
      onClick={() => {
        if (why === null) setOpen(true)
      }}
      className="aria-disabled:pointer-events-auto"
    >
      {isSame && published.version !== null
        ? `Version ${published.version} is published`
        : `Publish version ${next}`}
    </Button>
  )
  return (
    <>
      {why === null ? button : <Tooltip text={why}>{button}</Tooltip>}
      <PublishDialog open={open} onOpenChange={setOpen} next={next} onPublish={publish} />
    </>
  )
}

type PublishDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  next: number
  onPublish: (note: string) => Promise<void>
}

function PublishDialog({ open, onOpenChange, next, onPublish }: PublishDialogProps) {
  const [note, setNote] = useState("")
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const publish = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await onPublish(note)
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
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  )
}
