import { Hourglass } from "lucide-react"
import { useRef, useState } from "react"
import type { Approval } from "#core/contract/approvals"
import type { JsonObject } from "#core/json"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Kbd } from "#web/ui/kbd.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { Countdown } from "./countdown.tsx"
import { SchemaQuestions } from "./schema-questions.tsx"
import { useButtonKeys } from "./use-button-keys.ts"
import { useSchemaForm } from "./use-schema-form.ts"

type ApprovalFormProps = {
  approval: Pick<Approval, "title" | "message" | "form_schema" | "buttons" | "due" | "by_others">
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
  const form = useSchemaForm(schema, error)
  const row = useRef<HTMLDivElement>(null)
  const aimed = useButtonKeys(row, keys)
  const [pressed, setPressed] = useState<string | null>(null)
  const answer = (button: string) => {
    const given = form.take()
    if (!given) return
    setPressed(button)
    onAnswer(button, schema === undefined ? undefined : given)
  }
  return (
    <div role="group" aria-label={title} className="flex min-w-0 flex-col gap-4">
      {!untitled && <h3 className="text-md font-semibold break-words">{title}</h3>}
      {message && <Markdown text={message} className="prose-width text-soft" />}
      <SchemaQuestions form={form} />
      {error != null && !form.isRefusalSaid && <ErrorNote error={error} />}
      {approval.by_others && (
        <p className="text-sm text-muted">
          Whoever started the execution may not answer this, unless nobody else can.
        </p>
      )}
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
