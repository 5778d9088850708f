import { CircleAlert } from "lucide-react"
import { lazy, Suspense, useId, useRef } from "react"
import { cn } from "../cn.ts"
import { PlainEditor } from "./plain-editor.tsx"
import type { CodeLanguage, EditorHandle } from "./model.ts"
import type { Together } from "./together.ts"

// A page whose editor cannot be fetched is still one to write on.
const Editor = lazy(() => import("./codemirror.tsx").catch(() => ({ default: PlainEditor })))

/** Something wrong with a line, counted from 1. */
export type CodeError = { line: number; message: string }

export type CodeEditorProps = {
  value: string
  onChange: (value: string) => void
  language: CodeLanguage
  /** Names it for those who do not see it; a label above it cannot be tied to it. */
  label: string
  readOnly?: boolean
  errors?: readonly CodeError[]
  /** Where several write in it at once, the text that they share. */
  together?: Together | undefined
  /** Lines that are shown at least, and at most before it scrolls. */
  lines?: number
  mostLines?: number
  placeholder?: string
  className?: string
  /** What a field gives to its control. */
  id?: string
  "aria-describedby"?: string
  "aria-invalid"?: boolean
}

/**
 * Code to be written: colours, line numbers, indentation, and what is wrong by line. Tab indents once something is typed; Escape, then Tab leaves it.
 * Its machinery is fetched when the first one is shown.
 */
export function CodeEditor({
  errors = [],
  lines = 6,
  mostLines = 28,
  readOnly = false,
  className,
  ...rest
}: CodeEditorProps) {
  const id = useId()
  const handle = useRef<EditorHandle>(null)
  const described = [
    rest["aria-describedby"],
    readOnly ? "" : `${id}-keys`,
    errors.length > 0 ? `${id}-errors` : "",
  ]
    .filter(Boolean)
    .join(" ")
  const props = {
    ...rest,
    readOnly,
    errors,
    "aria-describedby": described || undefined,
    "aria-invalid": rest["aria-invalid"] || errors.length > 0 || undefined,
  }
  return (
    <div
      className={cn("flex min-w-0 flex-col gap-1", className)}
      style={{ "--least-lines": lines, "--most-lines": Math.max(lines, mostLines) }}
    >
      <Suspense fallback={<PlainEditor {...props} readOnly />}>
        <Editor {...props} ref={handle} />
      </Suspense>
      {!readOnly && (
        <span id={`${id}-keys`} className="sr-only">
          Tab indents once something is typed. Press Escape and then Tab to leave.
        </span>
      )}
      {errors.length > 0 && (
        <ul id={`${id}-errors`} className="flex flex-col gap-0.5">
          {errors.map(({ line, message }) => (
            <li key={`${line} ${message}`} className="flex items-start gap-1.5 text-sm text-failed">
              <CircleAlert aria-hidden className="mt-px size-3.5" />
              <button
                type="button"
                onClick={() => handle.current?.goTo(line)}
                className="focus-ring shrink-0 rounded-sm font-medium hover:underline"
              >
                Line {line}
              </button>
              <span className="min-w-0 break-words">{message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
