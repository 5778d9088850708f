import * as z from "zod"
import { FlowDraft, type FlowSummary } from "#core/contract/flows"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-state.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useFlowActs } from "./queries.ts"

const schema = z.object({ name: FlowDraft.shape.name })
const formId = "rename-flow"

export function RenameDialog({ flow, onClose }: { flow: FlowSummary; onClose: () => void }) {
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
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title="Rename flow"
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            Rename
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} noValidate onSubmit={(event) => void form.onSubmit(event)} className="flex flex-col gap-4">
        {form.failure !== null && <ErrorNote error={form.failure} />}
        <Field label="Name" error={form.errors["name"]}>
          <Input
            autoFocus
            maxLength={200}
            value={form.values.name}
            onFocus={(event) => event.target.select()}
            onChange={(event) => form.set({ name: event.target.value })}
          />
        </Field>
      </form>
    </Dialog>
  )
}
