import { Plus, X } from "lucide-react"
import { useState } from "react"
import { isJsonObject, type JsonObject } from "#core/json"
import { Button } from "#web/ui/button.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Select } from "#web/ui/select.tsx"
import { argumentsOf, argumentTypes, schemaOf, type Argument } from "./arguments.ts"

type ArgumentsInputProps = {
  value: JsonObject
  onChange: (schema: JsonObject) => void
  error: string | undefined
}

const ways = [
  { value: "list" as const, label: "List" },
  { value: "json" as const, label: "JSON" },
]

/** What a model has to say when it calls the tool: a list of arguments, or a JSON Schema where that says more. */
export function ArgumentsInput({ value, onChange, error }: ArgumentsInputProps) {
  // Rows without a name are in no schema, so the list is kept beside it.
  const [rows, setRows] = useState<Argument[] | null>(() => argumentsOf(value))
  const [typing, setTyping] = useState<string | undefined>()
  const put = (next: Argument[]) => {
    setRows(next)
    onChange(schemaOf(next))
  }
  const change = (way: "list" | "json") => setRows(way === "json" ? null : argumentsOf(value))
  return (
    <Field
      label="Arguments"
      error={typing ?? error}
      help={
        rows === null
          ? argumentsOf(value) === null
            ? "This schema says more than a list can show."
            : "A JSON Schema of type object."
          : "The request below names them as {{ input.name }}."
      }
      action={
        <Segments
          label="Arguments as"
          segments={ways}
          value={rows === null ? "json" : "list"}
          onChange={change}
        />
      }
    >
      {rows === null ? (
        <JsonInput
          object
          rows={8}
          value={value}
          onFault={setTyping}
          onChange={(next) => onChange(isJsonObject(next) ? next : { type: "object", properties: {} })}
        />
      ) : (
        <div className="flex flex-col gap-2">
          {rows.map((row, at) => (
            <ArgumentRow
              key={at}
              at={at}
              row={row}
              onChange={(next) => put(rows.map((one, i) => (i === at ? next : one)))}
              onRemove={() => put(rows.filter((_, i) => i !== at))}
            />
          ))}
          <Button
            size="sm"
            className="self-start"
            onClick={() => setRows([...rows, { name: "", type: "string", description: "", required: true }])}
          >
            <Plus aria-hidden />
            Add an argument
          </Button>
        </div>
      )}
    </Field>
  )
}

type ArgumentRowProps = {
  at: number
  row: Argument
  onChange: (row: Argument) => void
  onRemove: () => void
}

const ArgumentRow = ({ at, row, onChange, onRemove }: ArgumentRowProps) => (
  <div
    role="group"
    aria-label={`Argument ${at + 1}`}
    className="grid grid-cols-[minmax(0,1fr)_7rem_auto] items-center gap-2 rounded-md border border-line bg-sunken p-2"
  >
    <Input
      aria-label="Name"
      placeholder="city"
      spellCheck={false}
      className="font-mono text-sm"
      value={row.name}
      onChange={({ target }) => onChange({ ...row, name: target.value })}
    />
    <Select
      aria-label="Type"
      value={row.type}
      options={argumentTypes.map((type) => ({ value: type, label: type }))}
      onChange={(type) => onChange({ ...row, type: argumentTypes.find((one) => one === type) ?? "string" })}
    />
    <IconButton label={`Remove argument ${row.name || at + 1}`} size="sm" onClick={onRemove}>
      <X />
    </IconButton>
    <Input
      aria-label="Description"
      placeholder="What it means, for the model"
      value={row.description}
      onChange={({ target }) => onChange({ ...row, description: target.value })}
      className="col-span-2"
    />
    <CheckboxLine
      label="Required"
      className="col-span-3"
      checked={row.required}
      onCheckedChange={(required) => onChange({ ...row, required })}
    />
  </div>
)
