import { useState } from "react"
import { isJsonObject, type JsonObject } from "#core/json"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"

type SchemaFieldProps = {
  label: string
  help?: string
  value: JsonObject | undefined
  onChange: (value: JsonObject | undefined) => void
  error: string | undefined
  disabled: boolean
}

/** A JSON Schema as text; half-typed text stays and says what is missing. */
export function SchemaField({ label, help, value, onChange, error, disabled }: SchemaFieldProps) {
  const [typing, setTyping] = useState<string | undefined>()
  return (
    <Field label={label} note="optional" error={typing ?? error} {...(help ? { help } : {})}>
      <JsonInput
        object
        rows={3}
        readOnly={disabled}
        value={value}
        placeholder={'{ "type": "object", "properties": { … } }'}
        onFault={setTyping}
        onChange={(next) => onChange(isJsonObject(next) ? next : undefined)}
      />
    </Field>
  )
}
