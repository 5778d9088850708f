import { useMutation } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Play, Square } from "lucide-react"
import { useRef, useState } from "react"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { exampleOf } from "./example.ts"
import type { Operation } from "./model.ts"
import { ParameterFields } from "./parameter-fields.tsx"
import { useSchemas } from "./schema-view.tsx"
import { curlOf, missingOf, sendTrial, type Trial, type TrialAnswer } from "./trial.ts"

/** Fills in a request, shows it for a shell, and sends it. */
export function TryIt({ operation, maySend }: { operation: Operation; maySend: boolean }) {
  const schemas = useSchemas()
  const [trial, setTrial] = useState<Trial>(() => ({
    values: {},
    body: operation.body ? JSON.stringify(exampleOf(operation.body.schema, schemas), null, 2) : "",
  }))
  const abort = useRef<AbortController | null>(null)
  const send = useMutation({
    mutationFn: () => {
      abort.current = new AbortController()
      return sendTrial(operation, trial, abort.current.signal)
    },
  })
  const missing = missingOf(operation, trial)
  const isAllowed = maySend || operation.isOpen
  return (
    <section aria-label="Try it" className="flex flex-col gap-4">
      <form
        className="flex flex-col gap-3 rounded-md border border-line p-4"
        onSubmit={(event) => {
          event.preventDefault()
          send.mutate()
        }}
      >
        <h3 className="font-semibold">Try it</h3>
        <ParameterFields
          parameters={operation.parameters}
          values={trial.values}
          onChange={(field, value) => setTrial({ ...trial, values: { ...trial.values, [field]: value } })}
        />
        {operation.body && (
          <Field label="Body">
            <Textarea
              spellCheck={false}
              className="font-mono text-sm"
              value={trial.body}
              onChange={(event) => setTrial({ ...trial, body: event.target.value })}
            />
          </Field>
        )}
        {isAllowed ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            {send.isPending ? (
              <Button onClick={() => abort.current?.abort()}>
                <Square aria-hidden className="size-3.5" /> Stop
              </Button>
            ) : (
              <Button
                type="submit"
                tone={operation.method === "delete" ? "danger" : "primary"}
                disabled={missing.length > 0}
              >
                <Play aria-hidden className="size-3.5" /> Send request
              </Button>
            )}
            <p className="min-w-0 text-sm text-muted">
              {missing.length > 0 ? `Needs ${missing.join(", ")}` : sayWhose(operation)}
            </p>
          </div>
        ) : (
          <p className="text-muted">
            <Link
              to="/login"
              search={{ next: "/docs" }}
              className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
            >
              Sign in
            </Link>{" "}
            to send it from here.
          </p>
        )}
      </form>
      {send.error && send.error.name !== "AbortError" && <ErrorNote error={send.error} />}
      {send.data && <AnswerView answer={send.data} />}
      <CodeBlock title="Shell" code={curlOf(operation, trial)} />
    </section>
  )
}

function sayWhose({ isOpen, method }: Operation): string {
  if (isOpen) return "Needs no account."
  return method === "get" ? "Sent as you." : "Sent as you, on real data."
}

function AnswerView({ answer }: { answer: TrialAnswer }) {
  return (
    <div role="status" className="overflow-hidden rounded-md border border-line">
      <p className="flex items-center gap-2 border-b border-line px-4 py-2">
        <Badge tone={answer.status < 400 ? "succeeded" : "failed"} className="tabular font-mono">
          {answer.status}
        </Badge>
        <span className="min-w-0 truncate text-muted">{answer.statusText}</span>
        <span className="tabular ml-auto text-sm text-muted">{sayDuration(answer.ms)}</span>
      </p>
      <div className="max-h-120 overflow-auto p-3">
        <AnswerBody answer={answer} />
      </div>
    </div>
  )
}

function AnswerBody({ answer: { type, text } }: { answer: TrialAnswer }) {
  if (text === "") return <p className="text-muted">No content.</p>
  const json = /\bjson\b/.test(type) ? parsed(text) : undefined
  if (json) return <JsonView value={json.value} label="Answer" open={3} />
  return <pre className="font-mono text-sm break-words whitespace-pre-wrap">{text}</pre>
}

/** The JSON in a text; nothing when it is none, such as one that was cut. */
function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
