import { useState } from "react"
import { isJsonObject } from "#core/json"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { Select } from "#web/ui/select.tsx"
import type { Parts } from "./parts.ts"
import type { TriggerValues } from "./values.ts"

const shapes: Record<"webhook" | "flow", { value: TriggerValues["shape"]; label: string; help: string }[]> = {
  webhook: [
    {
      value: "body",
      label: "The body",
      help: "A JSON object becomes the inputs; anything else stands under “body”.",
    },
    { value: "envelope", label: "The whole delivery", help: "{ body, headers, query, method }" },
    { value: "mapping", label: "A mapping", help: "Each input is a template over the delivery." },
  ],
  flow: [
    { value: "outputs", label: "The outputs", help: "A value that is no object stands under “value”." },
    {
      value: "envelope",
      label: "The whole end",
      help: "{ outputs, error, status, execution_id, flow_id }",
    },
    { value: "mapping", label: "A mapping", help: "Each input is a template over the end of the execution." },
  ],
}

const mappingExample = {
  webhook: '{ "text": "{{ input.body.text }}" }',
  flow: '{ "text": "{{ input.outputs.gist }}" }',
}

/** What of a delivery, or of an execution's end, the flow is given. */
export function InputsFields({ values, errors, set, onTypingFault }: Parts) {
  const kind = values.kind === "flow" ? "flow" : "webhook"
  const options = shapes[kind]
  return (
    <>
      <Field label="Inputs of the flow" help={options.find(({ value }) => value === values.shape)?.help}>
        <Select
          options={options}
          value={values.shape}
          onChange={(next) =>
            set({ shape: options.find(({ value }) => value === next)?.value ?? values.shape })
          }
        />
      </Field>
      {values.shape === "mapping" && (
        <ObjectField
          label="Mapping"
          field="mapping"
          value={values.mapping}
          error={errors["mapping"]}
          placeholder={mappingExample[kind]}
          help={
            <>
              Such as <code className="font-mono">{mappingExample[kind]}</code>
            </>
          }
          onChange={(mapping) => set({ mapping })}
          onTypingFault={onTypingFault}
        />
      )}
    </>
  )
}

type ObjectFieldProps = Pick<Parts, "onTypingFault"> & {
  label: string
  field: string
  value: TriggerValues["mapping"]
  error: string | undefined
  help?: React.ReactNode
  placeholder?: string
  rows?: number
  onChange: (value: TriggerValues["mapping"]) => void
}

/** An object written as JSON, which says what is missing while it is not whole. */
export function ObjectField({
  label,
  field,
  value,
  error,
  help,
  placeholder,
  rows = 4,
  onChange,
  onTypingFault,
}: ObjectFieldProps) {
  const [typing, setTyping] = useState<string | undefined>()
  return (
    <Field label={label} error={typing ?? error} help={help}>
      <JsonInput
        rows={rows}
        object
        value={Object.keys(value).length === 0 ? undefined : value}
        placeholder={placeholder}
        onFault={(fault) => {
          setTyping(fault)
          onTypingFault(field, fault)
        }}
        onChange={(next) => onChange(isJsonObject(next) ? next : {})}
      />
    </Field>
  )
}
