import { queryOptions, useMutation, useQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { Link2Off } from "lucide-react"
import { useEffect, useRef, useState } from "react"
import { formsApi, type FormAnswer, type PublicForm } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import type { JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { SchemaQuestions } from "#web/flow/schema-questions.tsx"
import { useSchemaForm } from "#web/flow/use-schema-form.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { OpenPage } from "#web/ui/open-page.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { useFaultFocus } from "#web/ui/use-fault-focus.ts"
import { AnswerView } from "./answer-view.tsx"

const formQuery = (token: string) =>
  queryOptions({
    queryKey: ["form", token],
    queryFn: ({ signal }) => call(formsApi.get, { params: { token }, signal }),
    // What somebody is filling in must not change under their hands.
    staleTime: Infinity,
  })

/** A form that starts an execution, for whoever has its link. */
export function FormPage() {
  const { token } = useParams({ from: "/form/$token" })
  const loaded = useQuery(formQuery(token))
  const [sent, setSent] = useState(0)
  if (loaded.data) {
    const { form } = loaded.data
    return (
      <OpenPage title={form.title} from={form.tenant_name}>
        <FormView key={sent} token={token} form={form} onAnother={() => setSent(sent + 1)} />
      </OpenPage>
    )
  }
  if (loaded.error) return <NoForm error={loaded.error} onRetry={() => void loaded.refetch()} />
  return (
    <OpenPage title="Form">
      <Loading what="the form" className="flex flex-col gap-4">
        <Skeleton className="w-24" />
        <Skeleton className="h-5 w-2/3" />
        <Skeleton className="h-8 w-full" />
        <Skeleton className="h-8 w-full" />
        <Skeleton className="h-9 w-24" />
      </Loading>
    </OpenPage>
  )
}

type FormViewProps = { token: string; form: PublicForm; onAnother: () => void }

function FormView({ token, form, onAnother }: FormViewProps) {
  const send = useMutation({
    mutationFn: (inputs: JsonObject) => call(formsApi.submit, { params: { token }, body: { inputs } }),
  })
  const answer = send.data?.answer
  return (
    <>
      <header>
        <h1 className="text-xl font-semibold tracking-tight break-words">{form.title}</h1>
        {form.description && (!answer || answer.is === "failed") && (
          <Markdown text={form.description} className="mt-1.5 text-soft" />
        )}
      </header>
      {answer && answer.is !== "failed" ? (
        <Sent answer={answer} onAnother={onAnother} />
      ) : (
        <Questions
          form={form}
          busy={send.isPending}
          error={send.error}
          // What was filled in stays, so that one may try again.
          failure={answer?.message}
          onSend={(inputs) => send.mutate(inputs)}
        />
      )}
    </>
  )
}

type QuestionsProps = {
  form: PublicForm
  busy: boolean
  error: unknown
  /** Why the execution that the form started gave nothing. */
  failure: string | undefined
  onSend: (inputs: JsonObject) => void
}

function Questions({ form, busy, error, failure, onSend }: QuestionsProps) {
  const answers = useSchemaForm(form.input_schema, error)
  const element = useRef<HTMLFormElement>(null)
  const leadToFault = useFaultFocus(element)
  useEffect(() => {
    if (error !== null) leadToFault()
  }, [error, leadToFault])
  return (
    <form
      ref={element}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const inputs = answers.take()
        if (inputs === null) leadToFault()
        else if (!busy) onSend(inputs)
      }}
    >
      <SchemaQuestions form={answers} />
      {failure !== undefined && (
        <p role="alert" className="rounded-md bg-failed-soft px-3 py-2 break-words text-failed">
          {failure}
        </p>
      )}
      {error !== null && !answers.isRefusalSaid && <ErrorNote error={error} />}
      <Button tone="primary" size="lg" type="submit" busy={busy} className="mt-1 self-start max-md:w-full">
        {form.submit_label}
      </Button>
    </form>
  )
}

type SentProps = { answer: Exclude<FormAnswer, { is: "failed" }>; onAnother: () => void }

const Sent = ({ answer, onAnother }: SentProps) => (
  <>
    <AnswerView answer={answer} />
    {answer.is !== "redirect" && (
      <Button onClick={onAnother} className="self-start">
        Send another
      </Button>
    )}
  </>
)

function NoForm({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.status === 422)
  return (
    <OpenPage title={isGone ? "There is no such form" : "Not opened"}>
      {isGone ? (
        <EmptyState icon={Link2Off} heading="h1" title="There is no such form" className="py-8">
          It may have been closed, or the link is incomplete. Ask whoever sent it to you.
        </EmptyState>
      ) : (
        <ErrorState error={error} heading="h1" onRetry={onRetry} className="py-8" />
      )}
    </OpenPage>
  )
}
