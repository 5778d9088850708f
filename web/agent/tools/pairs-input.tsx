import { Plus, X } from "lucide-react"
import { useId, useState } from "react"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"

type Pair = { name: string; value: string }

type PairsInputProps = {
  /** What one of them is: "header". */
  one: string
  value: Readonly<Record<string, string>>
  onChange: (value: Record<string, string>) => void
  disabled?: boolean
  /** What is wrong with the value of a name. */
  faultOf?: (name: string) => string | undefined
}

/** Names with values, a line each. A line that has no name yet stays, and is sent nowhere. */
export function PairsInput({ one, value, onChange, disabled = false, faultOf }: PairsInputProps) {
  const id = useId()
  const [lines, setLines] = useState<Pair[]>(() =>
    Object.entries(value).map(([name, text]) => ({ name, value: text })),
  )
  const put = (next: Pair[]) => {
    setLines(next)
    onChange(
      Object.fromEntries(next.flatMap((line) => (line.name.trim() ? [[line.name.trim(), line.value]] : []))),
    )
  }
  const patch = (at: number, change: Partial<Pair>) =>
    put(lines.map((line, i) => (i === at ? { ...line, ...change } : line)))
  return (
    <div className="flex flex-col gap-2">
      {lines.map((line, at) => (
        <div
          key={at}
          className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-x-2 gap-y-1"
        >
          <Input
            aria-label={`Name of ${one} ${at + 1}`}
            spellCheck={false}
            disabled={disabled}
            value={line.name}
            onChange={({ target }) => patch(at, { name: target.value })}
          />
          <Input
            aria-label={`Value of ${one} ${at + 1}`}
            {...(faultOf?.(line.name.trim()) === undefined
              ? {}
              : { "aria-invalid": true, "aria-describedby": `${id}-${at}` })}
            spellCheck={false}
            disabled={disabled}
            className="font-mono text-sm"
            value={line.value}
            onChange={({ target }) => patch(at, { value: target.value })}
          />
          {!disabled && (
            <IconButton
              label={`Remove ${one} ${line.name || at + 1}`}
              size="sm"
              onClick={() => put(lines.filter((_, i) => i !== at))}
            >
              <X />
            </IconButton>
          )}
          {faultOf?.(line.name.trim()) !== undefined && (
            <p id={`${id}-${at}`} role="alert" className="col-span-full text-sm text-failed">
              {faultOf(line.name.trim())}
            </p>
          )}
        </div>
      ))}
      {!disabled && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => setLines([...lines, { name: "", value: "" }])}
        >
          <Plus aria-hidden />
          Add a {one}
        </Button>
      )}
    </div>
  )
}
