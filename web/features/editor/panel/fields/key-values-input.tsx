import { Plus, X } from "lucide-react"
import { useState } from "react"
import { isJsonObject, type Json } from "#core/json"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { ExpressionInput } from "./expression-input.tsx"

type KeyValuesInputProps = {
  nodeId: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  readOnly: boolean
  /** What one line is, such as "header". */
  one: string
  names?: readonly string[]
}

type Line = { name: string; text: string }

const linesOf = (value: Json | undefined): Line[] =>
  isJsonObject(value)
    ? Object.entries(value).map(([name, text]) => ({
        name,
        text: typeof text === "string" ? text : JSON.stringify(text),
      }))
    : []

const recordOf = (lines: readonly Line[]): Json | undefined => {
  const named = lines.filter((line) => line.name !== "")
  return named.length === 0 ? undefined : Object.fromEntries(named.map(({ name, text }) => [name, text]))
}

const same = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** Names and texts, a line each. A line without a name, or with one that is there twice, is not lost while it is typed. */
export function KeyValuesInput({ nodeId, value, onChange, readOnly, one, names }: KeyValuesInputProps) {
  const [lines, setLines] = useState(() => linesOf(value))
  const [seen, setSeen] = useState(value)
  if (value !== seen) {
    setSeen(value)
    // Undo and other versions come from elsewhere.
    if (!same(recordOf(lines), value)) setLines(linesOf(value))
  }
  const put = (next: Line[]) => {
    setLines(next)
    onChange(recordOf(next))
  }
  const list = `names of ${one}`
  return (
    <div className="flex flex-col gap-2">
      {names && (
        <datalist id={list}>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </datalist>
      )}
      {lines.map((line, i) => (
        // A name is what is being typed; its place is its identity.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={i} className="grid grid-cols-[6.5rem_minmax(0,1fr)_auto] items-start gap-1">
          <Input
            aria-label={`Name of ${one} ${i + 1}`}
            value={line.name}
            readOnly={readOnly}
            spellCheck={false}
            {...(names ? { list } : {})}
            className="font-mono text-sm"
            onChange={(event) => put(lines.with(i, { ...line, name: event.target.value }))}
          />
          <ExpressionInput
            aria-label={`Value of ${one} ${line.name || i + 1}`}
            nodeId={nodeId}
            picker={false}
            value={line.text}
            readOnly={readOnly}
            onChange={(text) => put(lines.with(i, { ...line, text }))}
          />
          {!readOnly && (
            <IconButton
              label={`Remove ${one} ${line.name || i + 1}`}
              size="sm"
              className="mt-0.5"
              onClick={() => put(lines.toSpliced(i, 1))}
            >
              <X />
            </IconButton>
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          size="sm"
          tone="ghost"
          className="self-start"
          onClick={() => setLines([...lines, { name: "", text: "" }])}
        >
          <Plus aria-hidden />
          Add a {one}
        </Button>
      )}
    </div>
  )
}
