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
  const [lines, setLines] = useState<Pair[]>(() =>
    Object.entries(value).map(([name, text]) => ({ name, value: text })),
  )
  const put = (next: Pair[]) => {
    setLines(next)
    onChange(
      Object.fromEntries(next.flatMap((line) => (line.name.trim() ? [[line.name.trim(), line.value]] : []))),
    )
  }
  return (
    <div className="flex flex-col gap-2">
      {lines.map((line, at) => (
        <PairLine
          // A line's name is what is being typed; its place is its identity.
          // oxlint-disable-next-line react/no-array-index-key
          key={at}
          one={one}
          at={at}
          line={line}
          disabled={disabled}
          fault={faultOf?.(line.name.trim())}
          onChange={(next) => put(lines.with(at, next))}
          onRemove={() => put(lines.toSpliced(at, 1))}
        />
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

type PairLineProps = Pick<PairsInputProps, "one"> & {
  at: number
  line: Pair
  disabled: boolean
  fault: string | undefined
  onChange: (line: Pair) => void
  onRemove: () => void
}

function PairLine({ one, at, line, disabled, fault, onChange, onRemove }: PairLineProps) {
  const id = useId()
  return (
    <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-x-2 gap-y-1">
      <Input
        aria-label={`Name of ${one} ${at + 1}`}
        spellCheck={false}
        disabled={disabled}
        value={line.name}
        onChange={({ target }) => onChange({ ...line, name: target.value })}
      />
      <Input
        aria-label={`Value of ${one} ${at + 1}`}
        {...(fault === undefined ? {} : { "aria-invalid": true, "aria-describedby": id })}
        spellCheck={false}
        disabled={disabled}
        className="font-mono text-sm"
        value={line.value}
        onChange={({ target }) => onChange({ ...line, value: target.value })}
      />
      {!disabled && (
        <IconButton label={`Remove ${one} ${line.name || at + 1}`} size="sm" onClick={onRemove}>
          <X />
        </IconButton>
      )}
      {fault !== undefined && (
        <p id={id} role="alert" className="col-span-full text-sm text-failed">
          {fault}
        </p>
      )}
    </div>
  )
}
