import * as z from "zod"
import type { ChatSession } from "#core/contract/chat"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useSessionActs } from "../queries.ts"

const schema = z.object({ title: z.string().trim().min(1, { error: "Enter a title" }).max(200) })

type RenameProps = {
  session: ChatSession
  onClose: () => void
  onChanged?: (session: ChatSession) => void
}

/** Gives a chat another title. */
export function RenameDialog({ session, onClose, onChanged }: RenameProps) {
  const { rename } = useSessionActs()
  const form = useForm({
    initial: { title: session.title },
    toBody: (values) => values,
    schema,
    submit: async ({ title }) => {
      onChanged?.((await rename.mutateAsync({ session, title })).session)
      onClose()
    },
  })
  return (
    <FormDialog form={form} act="Rename" onClose={onClose} size="sm" title="Rename chat">
      <Field label="Title" error={form.errors["title"]}>
        <Input
          autoFocus
          maxLength={200}
          value={form.values.title}
          onFocus={(event) => event.target.select()}
          onChange={(event) => form.set({ title: event.target.value })}
        />
      </Field>
    </FormDialog>
  )
}
