import type { ComponentProps } from "react"
import type { Json } from "#core/json"
import { Input } from "#web/ui/input.tsx"

type WordsInputProps = Omit<ComponentProps<"input">, "value" | "onChange"> & {
  value: Json | undefined
  onChange: (words: string[] | undefined) => void
}

/** What was typed, as a list; a comma just typed leaves room for the next word. */
function wordsOf(typed: string): string[] | undefined {
  if (typed.trim() === "") return undefined
  const words = typed.split(",").map((word) => word.trim())
  return words.filter((word, i) => word !== "" || i === words.length - 1)
}

/** A list of words, separated by commas. */
export function WordsInput({ value, onChange, ...rest }: WordsInputProps) {
  const words = Array.isArray(value) ? value.filter((word) => typeof word === "string") : []
  return (
    <Input
      {...rest}
      value={words.join(", ")}
      onChange={(event) => onChange(wordsOf(event.target.value))}
      onBlur={() => {
        const whole = words.filter((word) => word !== "")
        if (whole.length < words.length) onChange(whole.length > 0 ? whole : undefined)
      }}
    />
  )
}
