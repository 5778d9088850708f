import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { privacyApi, type PrivacySettings } from "#core/contract/privacy"
import type { PersonalKind, Redaction } from "#core/privacy/redact"
import { call } from "#web/api/call.ts"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { Segments } from "#web/ui/segments.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { usePrivacyActs } from "./queries.ts"

const choices: readonly { value: Redaction; label: string }[] = [
  { value: "full", label: "In full" },
  { value: "masked", label: "Without personal data" },
  { value: "none", label: "Not at all" },
]

const nouns: Record<PersonalKind, string> = {
  email: "address",
  phone: "telephone number",
  card: "card number",
  iban: "account number",
  key: "key",
}

const sample = "Write to ana@example.com or call +49 30 901820. Her card is 4111 1111 1111 1111."

type Props = { settings: PrivacySettings; mayEdit: boolean }

/** The policy for traces, with a look at what it does to a text. */
export function RedactionChoice({ settings, mayEdit }: Props) {
  const { save } = usePrivacyActs()
  const now = save.isPending ? (save.variables.redaction ?? settings.redaction) : settings.redaction
  const choose = (redaction: Redaction) => {
    if (!mayEdit) return
    save.mutate({ redaction }, { onError: (error) => toast.failed(error, "The policy was not saved") })
  }
  return (
    <div className="flex flex-col gap-4">
      {mayEdit ? (
        <div className="max-w-full overflow-x-auto">
          <Segments label="What traces keep" segments={choices} value={now} onChange={choose} />
        </div>
      ) : (
        <p>
          {choices.find(({ value }) => value === now)?.label}.{" "}
          <span className="text-sm text-muted">Only admins change this.</span>
        </p>
      )}
      <Preview redaction={now} />
    </div>
  )
}

function Preview({ redaction }: { redaction: Redaction }) {
  const [typed, setTyped] = useState(sample)
  const text = useSettled(typed) ?? ""
  const preview = useQuery({
    queryKey: ["privacy-preview", redaction, text],
    queryFn: ({ signal }) => call(privacyApi.preview, { body: { text, redaction }, signal }),
    placeholderData: (before) => before,
  })
  const found = Object.entries(preview.data?.found ?? {}) as [PersonalKind, number][]
  const told = found.filter(([, count]) => count > 0).map(([kind, count]) => plural(count, nouns[kind]))
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Try a text">
        <Textarea maxLength={20_000} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
      <div className="flex min-w-0 flex-col gap-1" aria-live="polite">
        <p className="flex min-h-5 items-baseline text-sm font-medium">What traces would keep</p>
        <p className="min-h-16 rounded-md border border-line bg-sunken px-2.5 py-1.5 leading-5 break-words whitespace-pre-wrap">
          {preview.isError ? (
            <span className="text-muted">This could not be looked at.</span>
          ) : preview.data?.text === null ? (
            <span className="text-muted">Nothing of it.</span>
          ) : (
            preview.data?.text
          )}
        </p>
        {redaction === "masked" && (
          <p className="text-sm text-muted">
            {told.length > 0 ? `Masked: ${told.join(", ")}.` : "Nothing to mask."}
          </p>
        )}
      </div>
    </div>
  )
}

const plural = (count: number, noun: string): string =>
  noun === "address" && count !== 1 ? `${count} addresses` : sayCount(count, noun)
