import { useEffect, useRef, useState, type ComponentProps } from "react"
import { isJsonObject, type Json } from "#core/json"
import { cn } from "./cn.ts"
import { Textarea } from "./input.tsx"

type JsonInputProps = Omit<ComponentProps<"textarea">, "value" | "onChange"> & {
  /** `undefined` stands for an empty field. */
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  /** Hears what is wrong with the text, in words; `undefined` once it is JSON again. */
  onFault: (fault: string | undefined) => void
  /** Takes objects only. */
  object?: boolean
}

const written = (value: Json | undefined): string =>
  value === undefined ? "" : JSON.stringify(value, null, 2)

/** What keeps a text from being JSON, and where. */
function parseJson(text: string, object: boolean): { value: Json | undefined } | { fault: string } {
  if (text.trim() === "") return { value: undefined }
  try {
    const value = JSON.parse(text) as Json
    return object && !isJsonObject(value) ? { fault: "Write one JSON object: { … }" } : { value }
  } catch (error) {
    return { fault: sayFault(text, error) }
  }
}

/** Engines tell the place in different words; a line number is what an author can use. */
function sayFault(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : ""
  const position = /position (\d+)/.exec(message)?.[1]
  if (position === undefined) return "This is not JSON yet: it ends too early or a bracket is missing."
  const before = text.slice(0, Number(position))
  return `This is not JSON yet: look at line ${before.split("\n").length}.`
}

/** A JSON value as text. The value changes only when the text is JSON; half-typed text stays and says what is missing. */
export function JsonInput({ value, onChange, onFault, object = false, className, ...rest }: JsonInputProps) {
  const [text, setText] = useState(() => written(value))
  const [own, setOwn] = useState(value)
  // The value was changed from elsewhere (undo, another version): the text follows.
  if (value !== own) {
    setOwn(value)
    setText(written(value))
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
