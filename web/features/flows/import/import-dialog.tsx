import { useState } from "react"
import type { ReplyOf } from "#core/contract/endpoint"
import type { flowsApi } from "#core/contract/flows"
import { Failure } from "#core/errors"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { FlowSketch } from "../flow-sketch.tsx"
import { contentOf, type ImportContent, type NamedText } from "./content.ts"
import { DropZone } from "./drop-zone.tsx"
import { ImportReport } from "./import-report.tsx"
import { useImport } from "./use-import.ts"
import { formatNames } from "./words.ts"

/** Brings in a file: first what would become of each of its parts, then the flow. */
export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const { preview, bringIn } = useImport()
  const [content, setContent] = useState<ImportContent | null>(null)
  const [name, setName] = useState("")
  const [isMixed, setMixed] = useState(false)
  const [pasted, setPasted] = useState("")
  const take = (files: NamedText[]) => {
    const chosen = contentOf(files)
    setMixed(chosen === null && files.length > 0)
    bringIn.reset()
    if (chosen === null) return
    setContent(chosen)
    preview.mutate(chosen, { onSuccess: ({ draft }) => setName(draft.name) })
  }
  const back = () => {
    preview.reset()
    bringIn.reset()
    setContent(null)
  }
  const seen = preview.data
  const make = () => {
    if (content !== null) bringIn.mutate({ content, ...(name.trim() === "" ? {} : { name: name.trim() }) })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title="Import a flow"
      description={
        seen
          ? "Nothing is made yet. This is what would become of each step."
          : "What has no counterpart here stays on the canvas as a placeholder, and the original is kept."
      }
      footer={
        <>
          <Button tone="ghost" onClick={seen ? back : onClose}>
            {seen ? "Another file" : "Cancel"}
          </Button>
          {seen ? (
            <Button tone="primary" busy={bringIn.isPending} onClick={make}>
              Import flow
            </Button>
          ) : (
            pasted.trim() !== "" && (
              <Button
                tone="primary"
                busy={preview.isPending}
                onClick={() => take([{ name: "pasted", text: pasted }])}
              >
                Look at it
              </Button>
            )
          )}
        </>
      }
    >
      <div className="flex min-w-0 flex-col gap-4">
        {preview.error && <Refused error={preview.error} />}
        {bringIn.error && <Refused error={bringIn.error} />}
        {isMixed && (
          <p role="alert" className="rounded-md bg-waiting-soft px-3 py-2 text-waiting">
            Choose one file, or agents.yaml and tasks.yaml of CrewAI together.
          </p>
        )}
        {seen ? (
          <Seen seen={seen} name={name} onName={setName} />
        ) : (
          <DropZone busy={preview.isPending} pasted={pasted} onPaste={setPasted} onFiles={take} />
        )}
      </div>
    </Dialog>
  )
}

/** Why a file cannot be read, with the places in it. */
function Refused({ error }: { error: unknown }) {
  // What is said of the file as a whole stands above them.
  const errors = (error instanceof Failure ? (error.more.errors ?? []) : []).filter(
    ({ path }) => path !== "content",
  )
  return (
    <div>
      <ErrorNote error={error} />
      {errors.length > 0 && (
        <ul className="mt-2 max-h-40 overflow-y-auto text-sm">
          {errors.slice(0, 20).map((one) => (
            <li key={`${one.path} ${one.message}`} className="break-words text-muted">
              <span className="font-mono text-ink">{one.path}</span> {one.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

type SeenProps = { seen: ReplyOf<typeof flowsApi.preview>; name: string; onName: (name: string) => void }

const Seen = ({ seen: { draft, report }, name, onName }: SeenProps) => (
  <>
    <div className="flex items-end gap-3">
      <Field label="Name" className="min-w-0 flex-1">
        <Input autoFocus maxLength={200} value={name} onChange={({ target }) => onName(target.value)} />
      </Field>
      <Badge className="mb-1.5">{formatNames[report.format]}</Badge>
    </div>
    <span
      aria-hidden
      className="flex h-36 w-full shrink-0 items-center justify-center rounded-md border border-line bg-sunken px-4 py-3"
    >
      <FlowSketch nodes={draft.nodes} edges={draft.edges} className="h-full w-full" />
    </span>
    <ImportReport report={report} />
  </>
)
