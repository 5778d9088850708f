import type { FlowTriggerConfig } from "#core/contract/trigger-config"
import { Field } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { FlowPicker } from "./flow-picker.tsx"
import { InputsFields } from "./inputs-fields.tsx"
import type { Parts } from "./parts.ts"

const ends: { value: FlowTriggerConfig["on"]; label: string }[] = [
  { value: "succeeded", label: "Succeeded" },
  { value: "failed", label: "Failed, or timed out" },
  { value: "any", label: "Ended, however" },
]

export const sayEnd = (on: FlowTriggerConfig["on"]): string =>
  ends.find(({ value }) => value === on)?.label.toLowerCase() ?? on

export const FlowFields = (parts: Parts) => {
  const { values, errors, set } = parts
  return (
    <>
      <Field
        label="Flow to watch"
        error={
          values.source_flow_id === "" && errors["source_flow_id"]
            ? "Choose a flow"
            : errors["source_flow_id"]
        }
      >
        <FlowPicker
          chosen={values.source_flow_name || values.source_flow_id}
          onChoose={({ id, name }) => set({ source_flow_id: id, source_flow_name: name })}
        />
      </Field>
      <Field label="When an execution of it has">
        <Select
          options={ends}
          value={values.on}
          onChange={(next) => set({ on: ends.find(({ value }) => value === next)?.value ?? "succeeded" })}
        />
      </Field>
      <InputsFields {...parts} />
    </>
  )
}
