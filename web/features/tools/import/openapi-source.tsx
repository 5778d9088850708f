import { FileUp } from "lucide-react"
import { useRef, useState, type DragEvent, type FormEvent } from "react"
import { mostDocument } from "#core/contract/tool-imports"
import { Failure } from "#core/errors"
import { WebAddress } from "#core/tool/config"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { sayBytes } from "#web/ui/say-bytes.ts"
import { Segments } from "#web/ui/segments.tsx"
import { sayPointer } from "./pointer.ts"

/** Where a document comes from, as it is being said. */
export type SourceDraft = {
  way: "paste" | "file" | "address"
  text: string
  file: { name: string; text: string } | null
  url: string
}

export const blankSource = (url = ""): SourceDraft => ({
  way: url === "" ? "paste" : "address",
  text: "",
  file: null,
  url,
})

type OpenApiSourceProps = {
  draft: SourceDraft
  onChange: (draft: SourceDraft) => void
  onRead: () => void
  /** Goes back to what was read before; absent where nothing was. */
  onKeep: (() => void) | undefined
  isReading: boolean
  /** Why it could not be read; null while nothing was. */
  error: unknown
}

const ways = [
  { value: "paste", label: "Paste" },
  { value: "file", label: "File" },
  { value: "address", label: "Address" },
] as const

/** Asks for an OpenAPI document: pasted, as a file, or by its address. What is wrong with it stands beside it. */
export function OpenApiSource({ draft, onChange, onRead, onKeep, isReading, error }: OpenApiSourceProps) {
  const [typing, setTyping] = useState<string | undefined>()
  const set = (change: Partial<SourceDraft>) => {
    setTyping(undefined)
    onChange({ ...draft, ...change })
  }
  const faults = faultsOf(error)
  const said = typing ?? (faults && !isReading ? faults : undefined)
  const read = (event: FormEvent) => {
    event.preventDefault()
    if (isReading) return
    const fault = faultOf(draft)
    setTyping(fault)
    if (fault === undefined) onRead()
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <form noValidate onSubmit={read} className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-6 md:px-8">
        <div>
          <h2 className="text-lg font-semibold">Which API?</h2>
          <p className="prose-width mt-1 text-muted">
            Each operation of an OpenAPI document (3.0, 3.1 or 3.2, JSON or YAML) can become a tool. You
            choose which; nothing is made before.
          </p>
        </div>
        <Segments
          label="Where the document is"
          segments={ways}
          value={draft.way}
          onChange={(way) => set({ way })}
        />
        {draft.way === "paste" && <PasteField draft={draft} set={set} error={said} />}
        {draft.way === "file" && <FileField draft={draft} set={set} error={said} onFault={setTyping} />}
        {draft.way === "address" && (
          <Field
            label="Address of the document"
            error={said}
            help="It is fetched once, from a public address. References in it lead inside it only."
          >
            <Input
              inputMode="url"
              spellCheck={false}
              className="font-mono text-sm"
              placeholder="https://api.example.com/openapi.json"
              value={draft.url}
              onChange={({ target }) => set({ url: target.value })}
            />
          </Field>
        )}
        {error != null && !faults && !isReading && <ErrorNote error={error} />}
        <div className="flex gap-2">
          <Button tone="primary" type="submit" busy={isReading}>
            Read the document
          </Button>
          {onKeep && !isReading && (
            <Button tone="ghost" onClick={onKeep}>
              Back to the list
            </Button>
          )}
        </div>
      </form>
    </div>
  )
}

/** What can be seen to be wrong before anything is sent. */
function faultOf({ way, text, file, url }: SourceDraft): string | undefined {
  if (way === "paste") return text.trim() === "" ? "Paste the document" : undefined
  if (way === "file") return file ? undefined : "Choose a file"
  return WebAddress.safeParse(url).error?.issues[0]?.message
}

/** The server's words on the document: "paths › /orders: A path holds an object." */
function faultsOf(error: unknown): string | undefined {
  if (!(error instanceof Failure)) return undefined
  const errors = (error.more.errors ?? []).filter(({ path }) => /^(document|url)(#|\.|$)/.test(path))
  if (errors.length === 0) return undefined
  const said = errors.slice(0, 5).map(({ path, message }) => {
    const place = path.includes("#") ? sayPointer(path) : ""
    return place === "" ? message : `${place}: ${message}`
  })
  return [...said, ...(errors.length > 5 ? [`and ${errors.length - 5} more.`] : [])].join(" ")
}

type PartProps = {
  draft: SourceDraft
  set: (change: Partial<SourceDraft>) => void
  error: string | undefined
}

const PasteField = ({ draft, set, error }: PartProps) => (
  <Field label="Document" error={error}>
    <Textarea
      rows={16}
      spellCheck={false}
      className="min-h-72 font-mono text-sm"
      placeholder={'{ "openapi": "3.1.0", … }  or YAML'}
      value={draft.text}
      onChange={({ target }) => set({ text: target.value })}
    />
  </Field>
)

function FileField({ draft, set, error, onFault }: PartProps & { onFault: (fault: string) => void }) {
  const [isOver, setOver] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > mostDocument) {
      onFault(`${file.name} has ${sayBytes(file.size)}; ${sayBytes(mostDocument)} is the most that is read.`)
      return
    }
    set({ file: { name: file.name, text: await file.text() } })
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <Field label="File" error={error} help={`JSON or YAML, ${sayBytes(mostDocument)} at most.`}>
      <div
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cn(
          "flex flex-col items-center gap-3 rounded-md border border-dashed border-line-strong px-4 py-10 text-center",
          isOver && "border-accent bg-accent-soft",
        )}
      >
        <p className="text-muted">
          {draft.file ? (
            <>
              <span className="font-mono text-sm text-ink">{draft.file.name}</span>,{" "}
              {sayBytes(draft.file.text.length)}
            </>
          ) : (
            "Drop the document here"
          )}
        </p>
        <Button size="sm" onClick={() => picker.current?.click()}>
          <FileUp aria-hidden />
          {draft.file ? "Choose another file" : "Choose a file"}
        </Button>
        <input
          ref={picker}
          type="file"
          aria-label="OpenAPI document"
          accept=".json,.yaml,.yml,application/json,application/yaml"
          className="sr-only"
          tabIndex={-1}
          onChange={({ target }) => {
            void take(target.files?.[0])
            // The same file can be chosen again once it was mended.
            target.value = ""
          }}
        />
      </div>
    </Field>
  )
}
