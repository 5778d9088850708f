import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import type { ReactNode } from "react"
import type { Json } from "#core/json"
import { useActors } from "#web/api/choices.ts"
import { OutputView } from "#web/flow/artifacts.tsx"
import { StepErrorNote } from "#web/flow/step-output.tsx"
import { SpanStatusMark } from "#web/flow/waterfall/span-look.tsx"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toolAdvice } from "../try-out/advice.ts"
import { placeOf, type Call } from "./call-columns.tsx"
import { calledQuery } from "./queries.ts"
import { toldOf, type Told } from "./told.ts"

/** One call of the tool: who made it, with what, and what came of it. */
export function CallDialog({ call, onClose }: { call: Call; onClose: () => void }) {
  const called = useQuery(calledQuery(call.execution_id))
  const actors = useActors()
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={placeOf(call)}
      footer={
        <Button asChild>
          <Link to="/executions/$executionId" params={{ executionId: call.execution_id }}>
            Open the execution
            <ArrowUpRight aria-hidden />
          </Link>
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1.5">
          <Fact name="Status">
            <SpanStatusMark status={call.status} />
          </Fact>
          {call.actor !== null && <Fact name="By">{actors.say(call.actor)}</Fact>}
          <Fact name="Began">
            <RelativeTime at={call.started_at} />
          </Fact>
          <Fact name="Took">{sayDuration(call.duration_ms)}</Fact>
          {call.attempt > 1 && <Fact name="Attempt">{call.attempt}</Fact>}
        </dl>
        {called.error ? (
          <ErrorNote error={called.error} />
        ) : called.data ? (
          <Insides told={toldOf(call, called.data)} />
        ) : (
          <Loading what="the call" className="flex flex-col gap-3">
            <Skeleton className="w-1/2" />
            <Skeleton className="h-16 w-full" />
          </Loading>
        )}
      </div>
    </Dialog>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="tabular min-w-0 break-words">{children}</dd>
  </>
)

const Insides = ({ told: { input, output, error, isCut } }: { told: Told }) => (
  <>
    {error && <StepErrorNote error={error} advice={toolAdvice(error.code)} />}
    {input !== undefined && (
      <Part title="Arguments">
        <JsonView value={input} label="Arguments" />
      </Part>
    )}
    {output !== undefined && (
      <Part title="Result">
        <Value value={output} />
      </Part>
    )}
    {isCut && (
      <p className="text-muted">What it was called with is too much to stand here: the execution has it.</p>
    )}
  </>
)

const Value = ({ value }: { value: Json }) =>
  typeof value === "string" ? (
    <p className="font-mono text-sm break-words whitespace-pre-wrap">{value}</p>
  ) : (
    <OutputView value={value} label="Result" />
  )

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title} className="flex min-w-0 flex-col gap-1">
    <h3 className="text-sm font-medium text-muted">{title}</h3>
    <div className="max-h-96 overflow-auto rounded-md border border-line bg-sunken px-3 py-2">{children}</div>
  </section>
)
