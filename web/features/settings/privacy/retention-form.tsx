import { useState } from "react"
import type { PrivacySettings } from "#core/contract/privacy"
import { RetentionKind, type Retention } from "#core/privacy/retention"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { toast } from "#web/ui/toast.tsx"
import { usePrivacyActs } from "./queries.ts"

const words: Record<RetentionKind, { label: string; help: string }> = {
  executions: { label: "Executions", help: "With their journals, spans, questions and files." },
  traces: { label: "Traces", help: "Spans alone; an execution still shows them from its journal." },
  tool_calls: {
    label: "Tool calls and files",
    help: "Spans of tools' calls, and the files that tools left.",
  },
  chats: { label: "Chats", help: "After the last message." },
  deliveries: { label: "Deliveries", help: "What came to webhooks, forms and schedules." },
  deleted: { label: "Deleted things", help: "Until then they can be brought back." },
}

const mostDays = 3_650
const refused = (days: number): string | undefined =>
  Number.isInteger(days) && days >= 1 && days <= mostDays
    ? undefined
    : `Enter whole days from 1 to ${mostDays.toLocaleString("en")}, or nothing to keep it`

type Props = { settings: PrivacySettings; mayEdit: boolean }

/** Deleting is not undone, so days are saved by a deliberate act, not while they are typed. */
export function RetentionForm({ settings, mayEdit }: Props) {
  const { save } = usePrivacyActs()
  const [change, setChange] = useState<Partial<Retention>>({})
  const [faults, setFaults] = useState<Partial<Record<RetentionKind, string | undefined>>>({})
  const isChanged = Object.keys(change).length > 0
  const isWrong = Object.values(faults).some((fault) => fault !== undefined)
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isChanged || isWrong || save.isPending) return
        save.mutate(
          { retention: change },
          {
            onSuccess: () => {
              setChange({})
              toast.done("Saved how long things are kept")
            },
          },
        )
      }}
    >
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {RetentionKind.options.map((kind) => (
          <Field
            key={kind}
            label={words[kind].label}
            note="days"
            help={<Told help={words[kind].help} swept={settings.swept.find((one) => one.kind === kind)} />}
            error={faults[kind]}
          >
            <NumberInput
              integer
              placeholder="Kept"
              disabled={!mayEdit}
              value={(kind in change ? change[kind] : settings.retention[kind]) ?? undefined}
              refuse={refused}
              onFault={(fault) => setFaults((before) => ({ ...before, [kind]: fault }))}
              onChange={(days) => setChange((before) => ({ ...before, [kind]: days ?? null }))}
            />
          </Field>
        ))}
      </div>
      {save.error && <ErrorNote error={save.error} />}
      {mayEdit ? (
        <Button
          tone="primary"
          type="submit"
          className="self-start"
          disabled={!isChanged || isWrong}
          busy={save.isPending}
        >
          Save days
        </Button>
      ) : (
        <p className="text-sm text-muted">Only admins change this.</p>
      )}
    </form>
  )
}

type Swept = PrivacySettings["swept"][number] | undefined

const Told = ({ help, swept }: { help: string; swept: Swept }) => (
  <>
    {help}
    {swept && (
      <>
        {" "}
        {swept.removed.toLocaleString("en")} deleted so far, the last <RelativeTime at={swept.last_at} />.
      </>
    )}
  </>
)
