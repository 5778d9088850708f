import { useImperativeHandle, useRef } from "react"
import { cn } from "../cn.ts"
import { fieldLook } from "../input.tsx"
import { offsetOfLine, type EditorProps } from "./model.ts"

/** The same text without colours: while the editor is fetched, and where it cannot be. */
export function PlainEditor({
  value,
  onChange,
  label,
  readOnly,
  placeholder,
  id,
  ref,
  ...rest
}: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle(ref, () => ({
    goTo: (line) => {
      const at = offsetOfLine(value, line)
      area.current?.focus()
      area.current?.setSelectionRange(at, at)
    },
  }))
  return (
    <textarea
      ref={area}
      id={id}
      aria-label={label}
      aria-describedby={rest["aria-describedby"]}
      aria-invalid={rest["aria-invalid"]}
      readOnly={readOnly}
      placeholder={placeholder}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      wrap="off"
      value={value}
      onChange={({ target }) => onChange(target.value)}
      className={cn(
        fieldLook,
        "code-lines resize-none overflow-auto py-1.5 pl-12 font-mono text-sm leading-[1.125rem]",
      )}
    />
  )
}
