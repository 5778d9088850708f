import { Plus, X } from "lucide-react"
import { useId, useState } from "react"
import { Button } from "#web/ui/button.tsx"
import { FieldSet } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"

type HostsInputProps = {
  value: readonly string[]
  onChange: (value: string[]) => void
  /** What is wrong with the host of a place. */
  faultOf: (at: number) => string | undefined
  disabled: boolean
}

/** Hosts that may be reached, a line each. An empty line stays in the form only. */
export function HostsInput({ value, onChange, faultOf, disabled }: HostsInputProps) {
  const id = useId()
  const [lines, setLines] = useState<readonly string[]>(value)
  const kept = (from: readonly string[]) => from.map((one) => one.trim()).filter((one) => one !== "")
  const put = (next: readonly string[]) => {
    setLines(next)
    onChange(kept(next))
  }
  /** Where a line stands among those that are not empty: what the server counts. */
  const placeOf = (at: number) => kept(lines.slice(0, at)).length
  const fault = lines.map((line, at) => (line.trim() === "" ? undefined : faultOf(placeOf(at))))
  return (
    <FieldSet
      legend="Hosts"
      help="Such as api.example.com, or with another port than 443: api.example.com:8443."
    >
      {lines.map((line, at) => (
        // A line's text is what is being typed; its place is its identity.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 gap-y-1">
          <Input
            aria-label={`Host ${at + 1}`}
            {...(fault[at] ? { "aria-invalid": true, "aria-describedby": `${id}-${at}` } : {})}
            spellCheck={false}
            disabled={disabled}
            inputMode="url"
            className="font-mono text-sm"
            placeholder="api.example.com"
            value={line}
            onChange={({ target }) => put(lines.with(at, target.value))}
          />
          {!disabled && (
            <IconButton
              label={`Remove host ${line || at + 1}`}
              size="sm"
              onClick={() => put(lines.toSpliced(at, 1))}
            >
              <X />
            </IconButton>
          )}
          {fault[at] && (
            <p id={`${id}-${at}`} role="alert" className="col-span-full text-sm text-failed">
              {fault[at]}
            </p>
          )}
        </div>
      ))}
      {lines.length === 0 && <p className="text-muted">None: it has no network.</p>}
      {!disabled && (
        <Button size="sm" className="self-start" onClick={() => setLines([...lines, ""])}>
          <Plus aria-hidden />
          Add a host
        </Button>
      )}
    </FieldSet>
  )
}
