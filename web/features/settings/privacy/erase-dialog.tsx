import type { ReplyOf } from "#core/contract/endpoint"
import { privacyApi } from "#core/contract/privacy"
import type { ErasureScope } from "#core/privacy/erasure"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { usePrivacyActs } from "./queries.ts"

const scopes: { value: ErasureScope; label: string }[] = [
  { value: "everything", label: "Everything: who they are and what they wrote" },
  { value: "identity", label: "Who they are; what they wrote stays, by nobody's name" },
]

type Props = {
  /** Absent: it is about a visitor's chat. */
  person: { id: string; name: string } | undefined
  onClose: () => void
  onAsked: (asked: ReplyOf<typeof privacyApi.ask>) => void
}

/** The first of two steps: whose data, how much of it, and why. */
export function EraseDialog({ person, onClose, onAsked }: Props) {
  const { ask } = usePrivacyActs()
  const form = useForm({
    initial: { chat: "", scope: "everything", reason: "" },
    toBody: ({ chat, scope, reason }) =>
      person ? { user_id: person.id, scope, reason } : { chat_id: chat.trim(), reason },
    schema: privacyApi.ask.body,
    fieldOf: (path) => (path === "chat_id" || path === "user_id" ? "chat" : path),
    fieldOfCode: { "chat.not_found": "chat" },
    submit: async (body) => {
      const asked = await ask.mutateAsync(body)
      onClose()
      onAsked(asked)
    },
  })
  const { values, errors, set } = form
  return (
    <FormDialog
      form={form}
      act="Continue"
      onClose={onClose}
      title={person ? `Erase ${person.name}` : "Erase a visitor's chat"}
      description="Nothing goes yet: you see what would, and confirm it."
      className="gap-4"
    >
      {person ? (
        <Field label="What goes" error={errors["scope"]}>
          <Select options={scopes} value={values.scope} onChange={(scope) => set({ scope })} />
        </Field>
      ) : (
        <Field label="Chat" error={errors["chat"]} help="The end of the chat's address, such as chat_01JD….">
          <Input
            autoFocus
            className="font-mono"
            spellCheck={false}
            value={values.chat}
            onChange={(event) => set({ chat: event.target.value })}
          />
        </Field>
      )}
      <Field label="Reason" error={errors["reason"]} help="Kept with the erasure, so name nobody here.">
        <Textarea
          maxLength={500}
          value={values.reason}
          onChange={(event) => set({ reason: event.target.value })}
        />
      </Field>
    </FormDialog>
  )
}
