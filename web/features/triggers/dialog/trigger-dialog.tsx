import { useState } from "react"
import { TriggerDraft, type Trigger } from "#core/contract/triggers"
import type { TriggerId } from "#core/ids"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { triggerKinds } from "../kinds.ts"
import { useTriggerActs } from "../queries.ts"
import { ShownSecret } from "../shown-secret.tsx"
import { bodyOf, fieldOf } from "./body.ts"
import { ActiveField, NameAndFlow } from "./common-fields.tsx"
import { FlowFields } from "./flow-fields.tsx"
import { HostedFormFields } from "./form-fields.tsx"
import type { Parts } from "./parts.ts"
import { ScheduleFields } from "./schedule-fields.tsx"
import type { TriggerValues } from "./values.ts"
import { WebhookFields } from "./webhook-fields.tsx"

type TriggerDialogProps = {
  /** What is changed; null makes a new one. */
  trigger: Trigger | null
  initial: TriggerValues
  /** `made` is the new trigger, if one was made. */
  onClose: (made?: TriggerId) => void
}

/** Makes or changes a trigger of one kind. A secret that was made for it is shown once, before the dialog closes. */
export function TriggerDialog({ trigger, initial, onClose }: TriggerDialogProps) {
  const { create, update } = useTriggerActs()
  const [shown, setShown] = useState<{ secret: string; id: TriggerId } | null>(null)
  const [typing, setTyping] = useState<ReadonlySet<string>>(new Set())
  const { label, help } = triggerKinds[initial.kind]
  const form = useForm({
    initial,
    toBody: bodyOf,
    schema: TriggerDraft,
    fieldOf: (path) => fieldOf(path, initial),
    fieldOfCode: { "flow.not_found": "flow_id" },
    submit: async (body) => {
      // The field says what is missing; nothing is sent in the meantime.
      if (typing.size > 0) return
      const { trigger: saved, secret } = trigger
        ? await update.mutateAsync({ trigger, body })
        : await create.mutateAsync(body)
      if (secret === null) onClose(trigger ? undefined : saved.id)
      else setShown({ secret, id: saved.id })
    },
  })
  if (shown) {
    return <ShownSecret secret={shown.secret} onClose={() => onClose(trigger ? undefined : shown.id)} />
  }
  const onTypingFault: Parts["onTypingFault"] = (field, fault) =>
    setTyping((before) => {
      const next = new Set(before)
      if (fault === undefined) next.delete(field)
      else next.add(field)
      return next
    })
  const parts: Parts = { values: form.values, errors: form.errors, set: form.set, onTypingFault }
  return (
    <FormDialog
      form={form}
      act={
        trigger
          ? "Save changes"
          : initial.kind === "flow"
            ? "Create trigger"
            : `Create ${label.toLowerCase()}`
      }
      onClose={() => onClose()}
      size="md"
      title={
        trigger
          ? trigger.name
          : initial.kind === "flow"
            ? "New trigger: another flow"
            : `New ${label.toLowerCase()}`
      }
      description={help}
    >
      <NameAndFlow {...parts} />
      <KindFields parts={parts} hint={trigger?.secret?.set ? trigger.secret.hint : null} />
      <ActiveField {...parts} />
    </FormDialog>
  )
}

function KindFields({ parts, hint }: { parts: Parts; hint: string | null }) {
  const { kind } = parts.values
  switch (kind) {
    case "webhook":
      return <WebhookFields {...parts} hint={hint} />
    case "schedule":
      return <ScheduleFields {...parts} />
    case "form":
      return <HostedFormFields {...parts} />
    case "flow":
      return <FlowFields {...parts} />
    default:
      return kind satisfies never
  }
}
