import { useMutation } from "@tanstack/react-query"
import { Download, File } from "lucide-react"
import { useMemo } from "react"
import type { Json } from "#core/json"
import { artifactsIn, saveArtifact, type Artifact } from "#web/api/artifacts.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { sayBytes } from "#web/ui/say-bytes.ts"
import { sayError } from "#web/ui/say-error.ts"

/** The files that an output names, to be saved; nothing where it names none. */
export function Artifacts({ value }: { value: Json | undefined }) {
  const files = useMemo(() => artifactsIn(value), [value])
  if (files.length === 0) return null
  return (
    <ul
      aria-label="Files"
      className="flex min-w-0 flex-col divide-y divide-line rounded-md border border-line"
    >
      {files.map((file) => (
        <ArtifactLine key={file.url} file={file} />
      ))}
    </ul>
  )
}

function ArtifactLine({ file }: { file: Artifact }) {
  const save = useMutation({ mutationFn: () => saveArtifact(file) })
  const said = save.error && !isLeft(save.error) ? sayError(save.error) : undefined
  return (
    <li className="flex min-w-0 flex-col px-2.5 py-1">
      <span className="flex min-h-7 min-w-0 items-center gap-2">
        <File aria-hidden className="size-3.5 shrink-0 text-muted" />
        <span className="min-w-0 flex-1 truncate font-mono text-sm" title={file.path}>
          {file.path}
        </span>
        <span className="tabular shrink-0 text-sm text-muted">{sayBytes(file.size)}</span>
        <IconButton
          label={`Download ${file.path}`}
          size="sm"
          busy={save.isPending}
          onClick={() => save.mutate()}
        >
          <Download />
        </IconButton>
      </span>
      {said && (
        <span role="alert" className="pb-1 text-sm text-failed">
          {said.title}: {said.detail}
        </span>
      )}
    </li>
  )
}

/** Whoever closes the dialog that asks where the file goes has changed their mind. */
const isLeft = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError"

/** A value that came out of something: the files that it names, and itself as a tree. */
export const OutputView = ({ value, label }: { value: Json; label: string }) => (
  <div className="flex min-w-0 flex-col gap-3">
    <Artifacts value={value} />
    <JsonView value={value} label={label} />
  </div>
)
