import { useState, type ComponentProps } from "react"
import { Input } from "./input.tsx"

type NumberInputProps = Omit<ComponentProps<"input">, "value" | "onChange" | "type"> & {
  value: number | undefined
  onChange: (value: number | undefined) => void
  integer?: boolean
  /** What keeps a number from being taken, in words; such a number stays in the field only. */
  refuse?: (value: number) => string | undefined
  onFault?: (fault: string | undefined) => void
}

/** A number that may be left empty. What is half typed ("1e", "-") stays in the field without changing the value. */
export function NumberInput({
  value,
  onChange,
  integer = false,
  refuse,
  onFault,
  ...rest
}: NumberInputProps) {
  const [text, setText] = useState(value === undefined ? "" : String(value))
  const [own, setOwn] = useState(value)
  if (value !== own) {
    setOwn(value)
    setText(value === undefined ? "" : String(value))
  }
  const take = (typed: string) => {
    setText(typed)
    const parsed = typed.trim() === "" ? undefined : Number(typed.trim().replace(",", "."))
    if (parsed !== undefined && !Number.isFinite(parsed)) return
    const fault = parsed === undefined ? undefined : refuse?.(parsed)
    onFault?.(fault)
    if (fault !== undefined) return
    setOwn(parsed)
    onChange(parsed)
  }
  return (
    <Input
      {...rest}
      inputMode={integer ? "numeric" : "decimal"}
      className="tabular"
      value={text}
      onChange={(event) => take(event.target.value)}
      onBlur={() => {
        setText(value === undefined ? "" : String(value))
        onFault?.(undefined)
      }}
    />
  )
}
