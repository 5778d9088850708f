import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import { FormPreview } from "./form-preview.tsx"
import { ObjectField } from "./inputs-fields.tsx"
import type { Parts } from "./parts.ts"

export function HostedFormFields(parts: Parts) {
  const { values, errors, set, onTypingFault } = parts
  return (
    <>
      <Field label="Title" note="optional" error={errors["title"]}>
        <Input
          placeholder={values.flow_name || "The flow's name"}
          value={values.title}
          onChange={(event) => set({ title: event.target.value })}
        />
      </Field>
      <Field label="Description" note="optional" error={errors["description"]} help="Markdown">
        <Textarea
          rows={2}
          value={values.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
      <Field
        label="Questions"
        help={values.asks === "flow" ? "One for each input that the flow's settings name." : undefined}
      >
        <Select
          options={[
            { value: "flow", label: "The flow's inputs" },
            { value: "own", label: "A JSON Schema of its own" },
          ]}
          value={values.asks}
          onChange={(next) => set({ asks: next === "own" ? "own" : "flow" })}
        />
      </Field>
      {values.asks === "own" && (
        <ObjectField
          label="JSON Schema"
          field="input_schema"
          rows={7}
          value={values.input_schema}
          error={errors["input_schema"]}
          onChange={(input_schema) => set({ input_schema })}
          onTypingFault={onTypingFault}
        />
      )}
      <Field label="Button" error={errors["submit_label"]}>
        <Input
          maxLength={60}
          value={values.submit_label}
          onChange={(event) => set({ submit_label: event.target.value })}
        />
      </Field>
      <FormReplyFields {...parts} />
      <FormPreview values={values} />
    </>
  )
}

const FormReplyFields = ({ values, errors, set }: Parts) => (
  <>
    <Field label="After sending">
      <Select
        options={[
          { value: "message", label: "Show a message" },
          { value: "outputs", label: "Wait, and show the outputs" },
          { value: "redirect", label: "Go to another page" },
        ]}
        value={values.reply}
        onChange={(reply) => set({ reply })}
      />
    </Field>
    {values.reply === "message" && (
      <Field label="Message" error={errors["message"]} help="Markdown">
        <Textarea
          rows={2}
          value={values.message}
          onChange={(event) => set({ message: event.target.value })}
        />
      </Field>
    )}
    {values.reply === "redirect" && (
      <Field label="Address" error={errors["url"]}>
        <Input
          type="url"
          inputMode="url"
          spellCheck={false}
          placeholder="https://example.com/thanks"
          value={values.url}
          onChange={(event) => set({ url: event.target.value })}
        />
      </Field>
    )}
    {values.reply === "outputs" && (
      <Field
        label="Wait at most"
        note="seconds"
        error={errors["wait_seconds"]}
        help="When it takes longer, the sender is told that it was received."
      >
        <NumberInput integer value={values.wait_seconds} onChange={(wait_seconds) => set({ wait_seconds })} />
      </Field>
    )}
  </>
)
