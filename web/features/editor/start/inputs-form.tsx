import { useState } from "react"
import type { JsonSchema } from "#core/flow/graph"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { Switch } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { formFields, type FormField } from "../model/start-form.ts"
import { JsonInput } from "../panel/fields/json-input.tsx"
import { NumberInput } from "../panel/fields/number-input.tsx"

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
    <Question
      key={field.name}
      field={field}
      value={values[field.name]}
      fault={faults[field.name]}
      onChange={(value) => set(field.name, value)}
      onTypingFault={onTypingFault}
    />
  ))
}

type QuestionProps = {
  field: FormField
  value: Json | undefined
  fault: string | undefined
  onChange: (value: Json | undefined) => void
  onTypingFault: InputsFormProps["onTypingFault"]
}

function Question({ field, value, fault, onChange, onTypingFault }: QuestionProps) {
  const [typing, setTyping] = useState<string | undefined>()
  const hear = (next: string | undefined) => {
    setTyping(next)
    onTypingFault(field.name, next)
  }
  if (field.control === "switch") {
    return (
      <label className="flex items-center justify-between gap-3">
        <span>
          <span className="block text-sm font-medium">{field.title}</span>
          {field.help && <span className="block text-sm text-muted">{field.help}</span>}
        </span>
        <Switch checked={value === true} onCheckedChange={(on) => onChange(on)} />
      </label>
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
