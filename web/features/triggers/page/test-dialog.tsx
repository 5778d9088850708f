import { useQuery } from "@tanstack/react-query"
import { Play } from "lucide-react"
import { useState } from "react"
import type { Trigger } from "#core/contract/triggers"
import type { Json } from "#core/json"
import { exampleInputs } from "#web/flow/schema-form.ts"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { DeliveryLine } from "../deliveries/delivery-line.tsx"
import { flowOfTriggerQuery, useTriggerPageActs } from "../queries.ts"

/** Fires the trigger as if what it waits for had happened. */
export function TestButton({ trigger }: { trigger: Trigger }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <Play aria-hidden className="size-3.5" />
        Test
      </Button>
      {isOpen && <TestDialog trigger={trigger} onClose={() => setOpen(false)} />}
    </>
  )
}

const bodyWords: Record<Trigger["kind"], { label: string; help: string } | null> = {
  webhook: { label: "Body", help: "As if a sender had sent it, rightly signed." },
  form: { label: "Answers", help: "As if somebody had filled the form in." },
  flow: { label: "Outputs", help: "As if the watched flow had ended with them." },
  schedule: null,
}

function TestDialog({ trigger, onClose }: { trigger: Trigger; onClose: () => void }) {
  const words = bodyWords[trigger.kind]
  const flow = useQuery(flowOfTriggerQuery(trigger.flow_name === null ? null : trigger.flow_id)).data?.flow
  const [written, setWritten] = useState<Json | undefined>()
  const [typing, setTyping] = useState<string | undefined>()
  const { fire } = useTriggerPageActs(trigger.id)
  const body = written ?? exampleInputs(flow?.input_schema) ?? {}
  const delivery = fire.data?.delivery
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Test “${trigger.name}”`}
      description="Starts a real execution, and stands in the list of deliveries."
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {delivery ? "Close" : "Cancel"}
          </Button>
          <Button
            tone="primary"
            busy={fire.isPending}
            disabled={typing !== undefined}
            onClick={() => fire.mutate(words ? { body } : {})}
          >
            {delivery ? "Fire again" : "Fire now"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {words ? (
          <Field label={words.label} help={words.help} error={typing}>
            <JsonInput
              rows={6}
              value={Object.keys(body ?? {}).length === 0 && written === undefined ? undefined : body}
              placeholder="{ }"
              onFault={setTyping}
              onChange={setWritten}
            />
          </Field>
        ) : (
          <p className="text-soft">It fires with the inputs that the schedule has.</p>
        )}
        {fire.error && <ErrorNote error={fire.error} />}
        {delivery && <DeliveryLine delivery={delivery} />}
      </div>
    </Dialog>
  )
}
