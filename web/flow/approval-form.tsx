import { Hourglass } from "lucide-react"
import { useMemo, useRef, useState } from "react"
import type { Approval } from "#core/contract/approvals"
import type { JsonObject } from "#core/json"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Kbd } from "#web/ui/kbd.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { Countdown } from "./countdown.tsx"
import { formFields, inputFaults, startingValues, withoutBlanks } from "./schema-form.ts"
import { SchemaQuestion } from "./schema-question.tsx"
import { useButtonKeys } from "./use-button-keys.ts"

type ApprovalFormProps = {
  approval: Pick<Approval, "title" | "message" | "form_schema" | "buttons" | "due">
  /** An answer is on its way. */
  busy: boolean
  /** Why the last answer was not taken; null when nothing went wrong. */
  error: unknown
  /** `form` is there when the question has one. */
  onAnswer: (button: string, form: JsonObject | undefined) => void
  /** The heading stands elsewhere already. */
  untitled?: boolean
  /** 1 to 9 reach the buttons: on a page where this is the one question in view. */
  keys?: boolean
}

/** A question that an execution asks of a person: what is to be decided, what is asked beside it, and a button for each way on. */
export function ApprovalForm(props: ApprovalFormProps) {
  const { approval, busy, error, onAnswer, untitled = false, keys = false } = props
  const { title, message, buttons, due } = approval
  const schema = approval.form_schema ?? undefined
  const fields = useMemo(() => formFields(schema) ?? [], [schema])
  const [values, setValues] = useState<JsonObject>(() => startingValues(schema, {}))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [typing, setTyping] = useState<ReadonlySet<string>>(new Set())
  // What concerns no field is said only where no field says more.
  const wholeFault = fields.some(({ name }) => faults[name] !== undefined)
    ? undefined
    : Object.values(faults)[0]
  const row = useRef<HTMLDivElement>(null)
  const aimed = useButtonKeys(row, keys)
  const [pressed, setPressed] = useState<string | null>(null)
  const answer = (button: string) => {
    const given = withoutBlanks(schema, values)
    const found = inputFaults(schema, given)
    setFaults(found)
    if (typing.size > 0 || Object.keys(found).length > 0) return
    setPressed(button)
    onAnswer(button, schema === undefined ? undefined : given)
  }
  return (
    <div role="group" aria-label={title} className="flex min-w-0 flex-col gap-4">
      {!untitled && <h3 className="text-md font-semibold break-words">{title}</h3>}
      {message && <Markdown text={message} className="prose-width text-soft" />}
      {fields.map((field) => (
        <SchemaQuestion
          key={field.name}
          field={field}
          value={values[field.name]}
          fault={faults[field.name]}
          onChange={(value) => {
            const { [field.name]: _was, ...others } = values
            setValues(value === undefined ? others : { ...others, [field.name]: value })
            const { [field.name]: _fault, "": _whole, ...rest } = faults
            setFaults(rest)
          }}
          onTypingFault={(name, fault) =>
            setTyping((before) => {
              const next = new Set(before)
              if (fault === undefined) next.delete(name)
              else next.add(name)
              return next
            })
          }
        />
      ))}
      {wholeFault !== undefined && (
        <p role="alert" className="text-sm text-failed">
          {wholeFault}
        </p>
      )}
      {error != null && <ErrorNote error={error} />}
      <div ref={row} className="flex flex-wrap items-center gap-2">
        {buttons.map(({ id, label }, i) => (
          <Button
            key={id}
            tone={i === 0 ? "primary" : "secondary"}
            busy={busy && pressed === id}
            disabled={busy}
            onClick={() => answer(id)}
          >
            {label}
          </Button>
        ))}
        {due !== null && (
          <span className="ml-auto inline-flex items-center gap-1.5 text-sm text-muted">
            <Hourglass aria-hidden className="size-3.5" />
            <span>
              Time left: <Countdown due={due} over="none" />
            </span>
          </span>
        )}
      </div>
      {keys && <KeyHint count={buttons.length} aimed={aimed === null ? undefined : buttons[aimed]?.label} />}
    </div>
  )
}

/** Which keys answer; for those who have keys. */
const KeyHint = ({ count, aimed }: { count: number; aimed: string | undefined }) => (
  <p role="status" className="-mt-1 flex items-center gap-1.5 text-sm text-muted pointer-coarse:hidden">
    {aimed === undefined ? (
      <>
        <Kbd keys="1" />
        {count > 1 && (
          <>
            to <Kbd keys={String(Math.min(count, 9))} /> choose
          </>
        )}
        {count > 1 ? ", then" : "then"} <Kbd keys="enter" /> answers
      </>
    ) : (
      <>
        <Kbd keys="enter" /> answers “{aimed}”
      </>
    )}
  </p>
)
