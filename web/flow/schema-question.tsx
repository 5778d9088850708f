import { useState } from "react"
import type { Json } from "#core/json"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import type { FormField } from "./schema-form.ts"

type SchemaQuestionProps = {
  field: FormField
  value: Json | undefined
  fault: string | undefined
  onChange: (value: Json | undefined) => void
  /** Hears whether the field holds text that is not JSON yet. */
  onTypingFault: (field: string, fault: string | undefined) => void
}

/** One question of a form that a JSON Schema describes, with the control that fits its type. */
export function SchemaQuestion({ field, value, fault, onChange, onTypingFault }: SchemaQuestionProps) {
  const [typing, setTyping] = useState<string | undefined>()
  const hear = (next: string | undefined) => {
    setTyping(next)
    onTypingFault(field.name, next)
  }
  if (field.control === "switch") {
    return (
      <SwitchLine label={field.title} help={field.help} checked={value === true} onCheckedChange={onChange} />
    )
  }
  return (
    <Field
      label={field.title}
      error={typing ?? fault}
      {...(field.help ? { help: field.help } : {})}
      {...(field.required ? {} : { note: "optional" })}
    >
      {controlFor(field, value, onChange, hear)}
    </Field>
  )
}

function controlFor(
  { control, options, required }: FormField,
  value: Json | undefined,
  onChange: (value: Json | undefined) => void,
  onFault: (fault: string | undefined) => void,
) {
  const text = typeof value === "string" ? value : ""
  switch (control) {
    case "text":
      return <Input value={text} onChange={(event) => onChange(event.target.value)} />
    case "long_text":
      return <Textarea rows={6} value={text} onChange={(event) => onChange(event.target.value)} />
    case "number":
      return <NumberInput value={typeof value === "number" ? value : undefined} onChange={onChange} />
    case "choice":
      return (
        <Select
          value={value === undefined ? "" : JSON.stringify(value)}
          onChange={(next) => onChange(next === "" ? undefined : (JSON.parse(next) as Json))}
          options={[
            ...(required && value !== undefined ? [] : [{ value: "", label: required ? "Choose…" : "None" }]),
            ...options.map((option) => ({
              value: JSON.stringify(option),
              label: typeof option === "string" ? option : JSON.stringify(option),
            })),
          ]}
        />
      )
    default:
      return <JsonInput rows={4} value={value} onChange={onChange} onFault={onFault} />
  }
}
