import type { Ref } from "react"
import type { Together } from "./together.ts"

export type CodeLanguage = "javascript" | "python" | "shell" | "json" | "text"

/** What can be asked of an editor from outside. */
export type EditorHandle = { goTo: (line: number) => void }

/** What the editor and its plain stand-in take. */
export type EditorProps = {
  value: string
  onChange: (value: string) => void
  language: CodeLanguage
  label: string
  readOnly: boolean
  errors: readonly { line: number; message: string }[]
  together?: Together | undefined
  placeholder?: string | undefined
  id?: string | undefined
  "aria-describedby"?: string | undefined
  "aria-invalid"?: boolean | undefined
  ref?: Ref<EditorHandle>
}

/** Where a line begins; beyond the last one, the end. */
export function offsetOfLine(text: string, line: number): number {
  let at = 0
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", at)
    if (next < 0) return text.length
    at = next + 1
  }
  return at
}
