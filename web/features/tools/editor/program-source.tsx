import { Plus, Trash2, Upload } from "lucide-react"
import { useRef, useState } from "react"
import { Button } from "#web/ui/button.tsx"
import { CodeEditor } from "#web/ui/code-editor/code-editor.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Select } from "#web/ui/select.tsx"
import type { ConfigParts } from "./parts.ts"
import {
  fileOf,
  freePath,
  intoFiles,
  intoSource,
  languageOfFile,
  languageOfRuntime,
  type ProgramFile,
} from "./program-files.ts"

type SourceProps = ConfigParts<"container">

/** The program as one text, or as files of which one is begun with. */
export function ProgramSource(parts: SourceProps) {
  const { config, set, faultOf, disabled } = parts
  const isOne = config.source !== undefined
  const back = isOne ? null : intoSource(config)
  return (
    <>
      <Segments
        label="The program is"
        segments={[
          { value: "one" as const, label: "One text" },
          { value: "files" as const, label: "Files" },
        ]}
        value={isOne ? "one" : "files"}
        onChange={(way) => {
          if (disabled) return
          if (way === "files" && isOne) set(intoFiles(config))
          if (way === "one" && back) set(back)
        }}
      />
      {isOne && (
        <Field label="Source" error={faultOf("source")}>
          <CodeEditor
            label="Source"
            language={languageOfRuntime[config.runtime]}
            lines={12}
            readOnly={disabled}
            value={config.source ?? ""}
            onChange={(source) => set({ source })}
          />
        </Field>
      )}
      {(!isOne || config.files.length > 0) && <Files {...parts} isOne={isOne} />}
    </>
  )
}

function Files({ config, set, faultOf, disabled, isOne }: SourceProps & { isOne: boolean }) {
  const { files, entrypoint } = config
  const [at, setAt] = useState(0)
  const shown = files[Math.min(at, files.length - 1)]
  const put = (next: ProgramFile[], more: Partial<typeof config> = {}) => set({ files: next, ...more })
  const change = (file: ProgramFile, next: ProgramFile) =>
    put(
      files.map((one) => (one === file ? next : one)),
      // The file that is begun with keeps being it under another name.
      file.path === entrypoint && next.path !== file.path ? { entrypoint: next.path } : {},
    )
  const add = (added: readonly ProgramFile[]) => {
    put([...files, ...added])
    setAt(files.length)
  }
  return (
    <FieldSet legend={isOne ? "Files beside it" : "Files"} error={faultOf("files")}>
      {!isOne && (
        <Field label="Begins with" error={faultOf("entrypoint")} className="max-w-72">
          <Select
            disabled={disabled}
            value={entrypoint ?? ""}
            options={[
              ...(files.some(({ path }) => path === entrypoint)
                ? []
                : [{ value: entrypoint ?? "", label: "Choose…" }]),
              ...files.map(({ path }) => ({ value: path, label: path })),
            ]}
            onChange={(path) => set({ entrypoint: path })}
          />
        </Field>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label="File"
          className="w-auto min-w-48"
          value={String(Math.min(at, files.length - 1))}
          options={files.map(({ path }, i) => ({ value: String(i), label: path }))}
          onChange={(next) => setAt(Number(next))}
        />
        {!disabled && <AddFiles files={files} add={add} />}
      </div>
      {shown && (
        <OneFile
          key={at}
          file={shown}
          others={files.filter((one) => one !== shown)}
          disabled={disabled}
          onChange={(next) => change(shown, next)}
          onRemove={() => {
            put(files.filter((one) => one !== shown))
            setAt(0)
          }}
        />
      )}
    </FieldSet>
  )
}

function AddFiles({
  files,
  add,
}: {
  files: readonly ProgramFile[]
  add: (added: readonly ProgramFile[]) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const upload = async (chosen: readonly File[]) => {
    const made: ProgramFile[] = []
    for (const one of chosen) {
      const path = freePath(one.name, [...files, ...made])
      made.push(fileOf(path, new Uint8Array(await one.arrayBuffer())))
    }
    if (made.length > 0) add(made)
  }
  return (
    <>
      <Button
        size="sm"
        onClick={() => add([{ path: freePath("file.txt", files), content: "", encoding: "utf8" }])}
      >
        <Plus aria-hidden />
        Add a file
      </Button>
      <Button size="sm" onClick={() => input.current?.click()}>
        <Upload aria-hidden />
        Upload
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={({ target }) => {
          void upload([...(target.files ?? [])])
          target.value = ""
        }}
      />
    </>
  )
}

type OneFileProps = {
  file: ProgramFile
  others: readonly ProgramFile[]
  disabled: boolean
  onChange: (file: ProgramFile) => void
  onRemove: () => void
}

function OneFile({ file, others, disabled, onChange, onRemove }: OneFileProps) {
  const [path, setPath] = useState(file.path)
  const isTaken = others.some((one) => one.path === path)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-start gap-2">
        <Field label="Path" error={isTaken ? "Another file has this path" : undefined} className="flex-1">
          <Input
            disabled={disabled}
            spellCheck={false}
            className="font-mono text-sm"
            value={path}
            onChange={({ target }) => {
              setPath(target.value)
              if (!others.some((one) => one.path === target.value)) onChange({ ...file, path: target.value })
            }}
          />
        </Field>
        {!disabled && (
          <IconButton label={`Remove ${file.path}`} size="sm" className="mt-6" onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      {file.encoding === "base64" ? (
        <p className="text-muted">
          This file is no text: {Math.floor((file.content.length * 3) / 4).toLocaleString("en")} bytes, kept
          as they are.
        </p>
      ) : (
        <CodeEditor
          label={`Content of ${file.path}`}
          language={languageOfFile(file.path)}
          lines={10}
          readOnly={disabled}
          value={file.content}
          onChange={(content) => onChange({ ...file, content })}
        />
      )}
    </div>
  )
}
