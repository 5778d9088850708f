import { useState } from "react"
import type { Json } from "#core/json"
import { parseJson, writtenJson } from "../parse-json.ts"
import { CodeEditor, type CodeEditorProps, type CodeError } from "./code-editor.tsx"

type JsonEditorProps = Omit<CodeEditorProps, "value" | "onChange" | "language" | "errors"> & {
  /** `undefined` stands for an empty text. */
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  /** Takes objects only. */
  object?: boolean
}

/** A JSON value in the code editor. The value changes only when the text is JSON; half-typed text stays and says what is missing. */
export function JsonEditor({ value, onChange, object = false, ...rest }: JsonEditorProps) {
  const [text, setText] = useState(() => writtenJson(value))
  const [own, setOwn] = useState(value)
  // The value was changed from elsewhere (another version): the text follows.
  if (value !== own) {
    setOwn(value)
    setText(writtenJson(value))
  }
  return (
    <CodeEditor
      {...rest}
      language="json"
      value={text}
      errors={errorsOf(text, object)}
      onChange={(next) => {
        setText(next)
        const read = parseJson(next, object)
        if ("fault" in read) return
        setOwn(read.value)
        onChange(read.value)
      }}
    />
  )
}

function errorsOf(text: string, object: boolean): CodeError[] {
  const parsed = parseJson(text, object)
  if (!("fault" in parsed)) return []
  const { line, fault } = parsed
  return line === undefined
    ? [{ line: text.split("\n").length, message: fault }]
    : [{ line, message: "This is not JSON yet" }]
}
