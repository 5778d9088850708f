import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { FlowPicker } from "./flow-picker.tsx"
import type { Parts } from "./parts.ts"

export const NameAndFlow = ({ values, errors, set }: Parts) => (
  <>
    <Field label="Name" error={errors["name"]}>
      <Input
        autoFocus
        maxLength={120}
        placeholder={examples[values.kind]}
        value={values.name}
        onChange={(event) => set({ name: event.target.value })}
      />
    </Field>
    <Field
      label={values.kind === "flow" ? "Flow to start" : "Flow"}
      error={values.flow_id === "" && errors["flow_id"] ? "Choose a flow" : errors["flow_id"]}
      help="Its published version is started; until there is one, the draft."
    >
      <FlowPicker
        chosen={values.flow_name || values.flow_id}
        onChoose={({ id, name }) => set({ flow_id: id, flow_name: name })}
      />
    </Field>
  </>
)

const examples = {
  webhook: "New order",
  schedule: "Morning report",
  form: "Contact form",
  flow: "After the import",
}

export const ActiveField = ({ values, set }: Parts) => (
  <SwitchLine
    label="Active"
    help={
      values.kind === "schedule" || values.kind === "flow"
        ? "Off: nothing is started."
        : "Off: whoever sends is told that there is nothing here."
    }
    checked={values.is_active}
    onCheckedChange={(is_active) => set({ is_active })}
  />
)
