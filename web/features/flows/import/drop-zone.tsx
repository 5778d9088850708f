import { FileUp } from "lucide-react"
import { useState, type DragEvent } from "react"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import type { NamedText } from "./content.ts"

type DropZoneProps = {
  busy: boolean
  pasted: string
  onPaste: (text: string) => void
  onFiles: (files: NamedText[]) => void
}

/** Takes a file that is dropped or chosen, or its text. */
export function DropZone({ busy, pasted, onPaste, onFiles }: DropZoneProps) {
  const [isOver, setOver] = useState(false)
  const read = async (files: readonly File[]) =>
    onFiles(await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() }))))
  const onDrop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    setOver(false)
    void read([...event.dataTransfer.files])
  }
  const pick = () => {
    const picker = document.createElement("input")
    picker.type = "file"
    picker.multiple = true
    picker.accept = ".json,.yaml,.yml,application/json,application/yaml"
    picker.addEventListener("change", () => void read([...(picker.files ?? [])]))
    picker.click()
  }
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className="flex flex-col gap-4"
    >
      <div
        className={cn(
          "flex flex-col items-center gap-2 rounded-md border border-dashed border-line-strong bg-sunken px-4 py-7 text-center",
          isOver && "border-accent ring-1 ring-accent",
        )}
      >
        <FileUp aria-hidden className="size-6 text-muted" />
        <p className="text-muted">
          Drop a file here: Edgecrew, n8n, Dify, Flowise, OpenAPI, or CrewAI’s two files together.
        </p>
        <Button size="sm" onClick={pick} busy={busy}>
          Choose a file
        </Button>
      </div>
      <Field label="Or paste its text">
        <Textarea
          rows={6}
          spellCheck={false}
          placeholder="JSON or YAML"
          value={pasted}
          onChange={({ target }) => onPaste(target.value)}
          // As high as it is: a file may have thousands of lines.
          className="field-sizing-fixed font-mono text-sm"
        />
      </Field>
    </div>
  )
}
