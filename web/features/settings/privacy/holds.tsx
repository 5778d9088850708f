import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { privacyApi } from "#core/contract/privacy"
import type { LegalHold } from "#core/privacy/hold"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { Section } from "#web/ui/settings-section.tsx"
import { holdsQuery, usePrivacyActs } from "./queries.ts"

/** What must not be deleted, whatever else is set. */
export function Holds() {
  const list = useQuery(holdsQuery)
  const { lift } = usePrivacyActs()
  const [isPlacing, setPlacing] = useState(false)
  const [lifted, setLifted] = useState<LegalHold | null>(null)
  return (
    <Section
      title="Legal holds"
      lead="What a hold is about is neither deleted by its age nor erased, until the hold is lifted."
    >
      <div className="flex flex-col gap-3">
        {list.isError ? (
          <ErrorNote error={list.error} />
        ) : list.isPending ? (
          <Loading what="the holds">
            <Skeleton className="w-1/2" />
          </Loading>
        ) : list.data.length === 0 ? (
          <p className="text-muted">Nothing is held.</p>
        ) : (
          <ul aria-label="Legal holds" className="divide-y divide-line rounded-md border border-line">
            {list.data.map((hold) => (
              <li key={hold.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
                <span className="min-w-0 font-mono text-sm break-all">{hold.target}</span>
                <span className="min-w-0 flex-1 break-words text-soft">{hold.reason}</span>
                <RelativeTime at={hold.created_at} className="text-sm text-muted" />
                <Button
                  size="xs"
                  aria-label={`Lift the hold on ${hold.target}`}
                  onClick={() => setLifted(hold)}
                >
                  Lift…
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Button className="self-start" onClick={() => setPlacing(true)}>
          Place a hold
        </Button>
      </div>
      {isPlacing && <HoldDialog onClose={() => setPlacing(false)} />}
      {lifted && (
        <AlertDialog
          open
          onOpenChange={(open) => !open && setLifted(null)}
          title="Lift this hold?"
          description="What is over its time goes within minutes, for good."
          act="Lift hold"
          onAct={async () => {
            await lift.mutateAsync(lifted.id)
            toast.done("Lifted the hold")
          }}
        />
      )}
    </Section>
  )
}

function HoldDialog({ onClose }: { onClose: () => void }) {
  const { hold } = usePrivacyActs()
  const form = useForm({
    initial: { target: "", reason: "" },
    toBody: ({ target, reason }) => ({ target: target.trim(), reason }),
    schema: privacyApi.hold.body,
    submit: async (body) => {
      await hold.mutateAsync(body)
      onClose()
    },
  })
  const { values, errors, set } = form
  return (
    <FormDialog form={form} act="Place hold" onClose={onClose} title="Place a legal hold" className="gap-4">
      <Field
        label="What is held"
        error={
          errors["target"] &&
          "Enter the id of an execution, a chat, a flow, a person or a key, or the word workspace"
        }
        help="The id at the end of an execution's, chat's or flow's address; a person's or key's id holds all that they began; workspace holds everything."
      >
        <Input
          autoFocus
          className="font-mono"
          spellCheck={false}
          value={values.target}
          onChange={(event) => set({ target: event.target.value })}
        />
      </Field>
      <Field label="Reason" error={errors["reason"]}>
        <Textarea
          maxLength={500}
          value={values.reason}
          onChange={(event) => set({ reason: event.target.value })}
        />
      </Field>
    </FormDialog>
  )
}
