import { useMutation } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight, Square } from "lucide-react"
import type { ExecutionId } from "#core/ids"
import { useCan } from "#web/api/me.ts"
import { ApprovalPart } from "#web/flow/approval-part.tsx"
import { OutputView } from "#web/flow/artifacts.tsx"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { StepErrorNote, StreamedText } from "#web/flow/step-output.tsx"
import { useElapsed } from "#web/flow/use-elapsed.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { toast } from "#web/ui/toast.tsx"
import { toolAdvice } from "./advice.ts"
import { LiveLog } from "./live-log.tsx"
import { cancelCall } from "./queries.ts"

/** One call as it goes on: how it stands, what it asks, what it prints, and what comes of it. */
export function CallProgress({ live }: { live: LiveExecution }) {
  const error = useLive(live, ({ state }) => state.error)
  const link = useLive(live, (one) => one.link)
  return (
    <section aria-label="Call" className="flex min-w-0 flex-col gap-4 p-4">
      <Standing live={live} />
      {link === "failed" && <ErrorNote error={live.error} />}
      <Questions live={live} />
      {error && <StepErrorNote error={error} advice={toolAdvice(error.code)} />}
      <Result live={live} />
      <LiveLog live={live} />
    </section>
  )
}

/** What the call has come to, how long it took, and the way to stop it or to see all of it. */
function Standing({ live }: { live: LiveExecution }) {
  const status = useLive(live, ({ state }) => state.status) ?? "queued"
  const isSettled = useLive(live, (one) => one.isSettled) ?? false
  const link = useLive(live, (one) => one.link)
  const elapsed = useElapsed(live)
  const mayCancel = useCan("execution.cancel")
  const id = live.id as ExecutionId
  const cancel = useMutation({
    mutationFn: () => cancelCall(id),
    onError: (error) => toast.failed(error, "The call was not cancelled"),
  })
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
      <span role="status" className="inline-flex items-center gap-3">
        <ExecutionStatusMark status={status} look="soft" />
        {link === "reconnecting" && <span className="text-sm text-muted">Reconnecting…</span>}
      </span>
      {elapsed !== null && <span className="tabular text-sm text-muted">{sayDuration(elapsed)}</span>}
      <span className="ml-auto flex items-center gap-2">
        {mayCancel && !isSettled && link !== "failed" && (
          <Button
            size="sm"
            busy={cancel.isPending}
            disabled={status === "cancelling"}
            onClick={() => cancel.mutate()}
          >
            <Square aria-hidden className="size-3" />
            Cancel
          </Button>
        )}
        <Button asChild size="sm" tone="ghost">
          <Link to="/executions/$executionId" params={{ executionId: id }}>
            Execution
            <ArrowUpRight aria-hidden className="size-3.5" />
          </Link>
        </Button>
      </span>
    </div>
  )
}

/** What the call waits for somebody to say, with what it would be made with. */
function Questions({ live }: { live: LiveExecution }) {
  const line = useLive(live, ({ state }) =>
    Object.keys(state.nodes)
      .filter((key) => state.nodes[key]!.status === "waiting" && state.nodes[key]!.approval)
      .join("\n"),
  )
  const status = useLive(live, ({ state }) => state.status)
  return (
    <>
      {(line ? line.split("\n") : []).map((step) => (
        <Question key={step} live={live} step={step} />
      ))}
      {status === "needs_attention" && (
        <p className="rounded-md bg-attention-soft px-3 py-2 text-attention">
          The server stopped in the middle of the call. Open the execution to say what became of it.
        </p>
      )}
    </>
  )
}

function Question({ live, step }: { live: LiveExecution; step: string }) {
  const run = useLive(live, (one) => one.node(step))
  if (!run?.approval) return null
  return (
    <section
      aria-label={run.approval.title}
      className="rounded-md border border-line-strong bg-waiting-soft/40 px-3 py-3"
    >
      <ApprovalPart executionId={live.id as ExecutionId} run={run} approval={run.approval} />
    </section>
  )
}

function Result({ live }: { live: LiveExecution }) {
  const outputs = useLive(live, ({ state }) => (state.status === "succeeded" ? state.outputs : undefined))
  if (outputs === undefined) return null
  return (
    <section aria-label="Result" className="flex min-w-0 flex-col gap-1.5">
      <h3 className="text-sm font-medium text-muted">Result</h3>
      <div className="min-w-0 rounded-md border border-line bg-surface px-3 py-2">
        {typeof outputs === "string" ? (
          <StreamedText text={outputs} streaming={false} label="Result" />
        ) : (
          <OutputView value={outputs} label="Result" />
        )}
      </div>
    </section>
  )
}
