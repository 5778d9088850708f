import * as z from "zod"
import { FlowDraft, type FlowSummary } from "#core/contract/flows"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useFlowActs } from "./queries.ts"

const schema = z.object({ name: FlowDraft.shape.name })

/** Gives a flow another name. */
export default function RenameDialog({ flow, onClose }: { flow: FlowSummary; onClose: () => void }) {
  const { rename } = useFlowActs()
  const form = useForm({
    initial: { name: flow.name },
    toBody: (values) => values,
    schema,
    submit: async ({ name }) => {
      await rename.mutateAsync({ id: flow.id, name })
      onClose()
    },
  })
  return (
    <FormDialog form={form} act="Rename" onClose={onClose} size="sm" title="Rename flow">
      <Field label="Name" error={form.errors["name"]}>
        <Input
          autoFocus
          maxLength={200}
          value={form.values.name}
          onFocus={(event) => event.target.select()}
          onChange={(event) => form.set({ name: event.target.value })}
        />
      </Field>
    </FormDialog>
  )
}
