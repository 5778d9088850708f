import { useState } from "react"
import type { JsonSchema } from "#core/flow/graph"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { formFields } from "#web/flow/schema-form.ts"
import { SchemaQuestion } from "#web/flow/schema-question.tsx"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"

type InputsFormProps = {
  schema: JsonSchema | undefined
  values: JsonObject
  onChange: (values: JsonObject) => void
  faults: Record<string, string>
  /** Hears whether a field holds text that is not JSON yet. */
  onTypingFault: (field: string, fault: string | undefined) => void
}

/** The questions that a flow's input schema asks; without one, the inputs as JSON. */
export function InputsForm({ schema, values, onChange, faults, onTypingFault }: InputsFormProps) {
  const fields = formFields(schema)
  if (!fields)
    return <WholeInput values={values} onChange={onChange} fault={faults[""]} onTypingFault={onTypingFault} />
  const set = (name: string, value: Json | undefined) => {
    const { [name]: _was, ...others } = values
    onChange(value === undefined ? others : { ...others, [name]: value })
  }
  return fields.map((field) => (
    <SchemaQuestion
      key={field.name}
      field={field}
      value={values[field.name]}
      fault={faults[field.name]}
      onChange={(value) => set(field.name, value)}
      onTypingFault={onTypingFault}
    />
  ))
}

type WholeInputProps = Pick<InputsFormProps, "values" | "onChange" | "onTypingFault"> & {
  fault: string | undefined
}

function WholeInput({ values, onChange, fault, onTypingFault }: WholeInputProps) {
  const [typing, setTyping] = useState<string | undefined>()
  const hear = (next: string | undefined) => {
    setTyping(next)
    onTypingFault("", next)
  }
  return (
    <Field
      label="Inputs"
      error={typing ?? fault}
      help="This flow names no inputs, so it takes any JSON object. Name them in the flow's settings to get a form here."
    >
      <JsonInput
        rows={8}
        value={Object.keys(values).length === 0 ? undefined : values}
        placeholder="{ }"
        onFault={hear}
        object
        onChange={(value) => onChange(isJsonObject(value) ? value : {})}
      />
    </Field>
  )
}
