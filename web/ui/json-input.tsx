import { useEffect, useRef, useState, type ComponentProps } from "react"
import type { Json } from "#core/json"
import { cn } from "./cn.ts"
import { Textarea } from "./input.tsx"
import { parseJson, writtenJson } from "./parse-json.ts"

type JsonInputProps = Omit<ComponentProps<"textarea">, "value" | "onChange"> & {
  /** `undefined` stands for an empty field. */
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  /** Hears what is wrong with the text, in words; `undefined` once it is JSON again. */
  onFault: (fault: string | undefined) => void
  /** Takes objects only. */
  object?: boolean
}

/** A JSON value as text. The value changes only when the text is JSON; half-typed text stays and says what is missing. */
export function JsonInput({ value, onChange, onFault, object = false, className, ...rest }: JsonInputProps) {
  const [text, setText] = useState(() => writtenJson(value))
  const [own, setOwn] = useState(value)
  // The value was changed from elsewhere (undo, another version): the text follows.
  if (value !== own) {
    setOwn(value)
    setText(writtenJson(value))
  }
  // A field that goes away takes its fault with it.
  const tell = useRef(onFault)
  useEffect(() => {
    tell.current = onFault
  }, [onFault])
  useEffect(() => () => tell.current(undefined), [])
  return (
    <Textarea
      rows={5}
      spellCheck={false}
      {...rest}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        const parsed = parseJson(event.target.value, object)
        onFault("fault" in parsed ? parsed.fault : undefined)
        if ("fault" in parsed) return
        setOwn(parsed.value)
        onChange(parsed.value)
      }}
      className={cn("font-mono text-sm", className)}
    />
  )
}
