import { CircleAlert, Play, Users } from "lucide-react"
import { useMemo } from "react"
import type { CrewDraft } from "#core/crew/crew"
import type { ExecutionId } from "#core/ids"
import { AgentTrail, Fold } from "#web/agent/trail/agent-trail.tsx"
import { TrialTotals } from "#web/agent/trail/totals.tsx"
import { agentsIn } from "#web/agent/trail/trail.ts"
import { ApprovalPart } from "#web/flow/approval-part.tsx"
import { OutputView } from "#web/flow/artifacts.tsx"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { factsOf } from "#web/flow/run-facts.ts"
import { partsOf } from "#web/flow/scope-path.ts"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { StepErrorNote } from "#web/flow/step-output.tsx"
import { LiveProvider, useLive, useWatched } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { useSteadyScroll } from "#web/ui/use-steady-scroll.ts"
import { RunInputFields, type RunInput } from "./run-input.tsx"
import type { Run } from "./use-run.ts"
import { workerAt } from "./workers.ts"

type RunPanelProps = {
  crew: CrewDraft
  input: RunInput
  run: Run
  isDirty: boolean
  /** Errors that keep the crew from working. */
  errors: number
  mayStart: boolean
  onStart: () => void
}

/** Lets the crew work on an input, and shows who does what, by member and delegation, as it happens. */
export function RunPanel({ crew, input, run, isDirty, errors, mayStart, onStart }: RunPanelProps) {
  const { live } = run
  const isUnderWay = useLive(live, (one) => !one.isSettled && one.link !== "failed") ?? false
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <form
        className="flex max-h-[45%] shrink-0 flex-col gap-3 overflow-y-auto border-b border-line bg-surface p-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (errors === 0 && !isUnderWay) onStart()
        }}
      >
        <RunInputFields crew={crew} input={input} />
        <div className="flex flex-wrap items-center gap-2">
          <Button
            tone="primary"
            size="sm"
            type="submit"
            busy={run.isStarting}
            disabled={!mayStart || errors > 0 || isUnderWay}
          >
            <Play aria-hidden />
            {isDirty ? "Save and run" : "Run"}
          </Button>
          {errors > 0 && (
            <span className="inline-flex items-center gap-1.5 text-sm text-failed">
              <CircleAlert aria-hidden className="size-3.5" />
              {errors === 1 ? "One error keeps it from working" : `${errors} errors keep it from working`}
            </span>
          )}
        </div>
        {run.error !== null && <ErrorNote error={run.error} />}
      </form>
      {live && run.crew ? (
        <LiveProvider value={live}>
          <Progress key={live.id} live={live} crew={run.crew} />
        </LiveProvider>
      ) : (
        <EmptyState icon={Users} title="Not run yet">
          What each member thinks, calls, hands on and answers appears here as it happens.
        </EmptyState>
      )}
    </div>
  )
}

function Progress({ live, crew }: { live: LiveExecution; crew: CrewDraft }) {
  const { scroller, onScroll } = useSteadyScroll<HTMLDivElement>()
  const shape = useLive(live, (one) => one.steps.shape)
  const agents = useMemo(
    () => agentsIn(live.state),
    // The state changes in place; its shape says when.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, shape],
  )
  const error = useLive(live, ({ state }) => state.error)
  const link = useLive(live, (one) => one.link)
  return (
    <>
      <div className="border-b border-line px-4 py-1">
        <TrialTotals live={live} />
      </div>
      <div
        ref={scroller}
        onScroll={onScroll}
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label="Progress"
        className="focus-ring-inset flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto overscroll-contain p-4"
      >
        {link === "failed" && <ErrorNote error={live.error} />}
        {agents.map((agent) => (
          <Member key={agent} agent={agent} crew={crew} />
        ))}
        <Waiting live={live} />
        {error && <StepErrorNote error={error} />}
        <Result live={live} />
      </div>
    </>
  )
}

/** One piece of work of one member; whom it hands work to stands inside. */
function Member({ agent, crew }: { agent: string; crew: CrewDraft }) {
  const run = useLive(useWatched(), (one) => one.steps.whole(agent))
  const worker = workerAt(crew, agent)
  const round = partsOf(agent).findLast((part) => part.index !== undefined)?.index
  if (!run) return null
  const name = worker?.position ?? agent
  return (
    <Fold
      startsOpen
      label={name}
      title={
        <>
          <span className="truncate font-medium">{name}</span>
          {worker?.task !== undefined && (
            <span className="min-w-0 truncate font-mono text-xs text-muted">{worker.task}</span>
          )}
          {round !== undefined && (
            <span className="tabular shrink-0 text-sm text-muted">round {round + 1}</span>
          )}
          <span className="ml-auto flex shrink-0 items-center gap-2 text-sm">
            <span className="tabular text-muted max-xl:hidden">
              {factsOf({ ...run, progress: undefined })}
            </span>
            <NodeStatusMark status={run.status} />
          </span>
        </>
      }
    >
      <AgentTrail agent={agent} />
    </Fold>
  )
}

/** Results that wait for a person are accepted or sent back here; a call that does is answered where it stands. */
function Waiting({ live }: { live: LiveExecution }) {
  const line = useLive(live, ({ state }) =>
    Object.keys(state.nodes)
      .filter((key) => {
        const { status, approval, node_id } = state.nodes[key]!
        return approval && status === "waiting" && node_id !== "ask"
      })
      .join("\n"),
  )
  return (line ? line.split("\n") : []).map((key) => <Review key={key} live={live} step={key} />)
}

function Review({ live, step }: { live: LiveExecution; step: string }) {
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
    <section aria-label="Result" className="rounded-md border border-line-strong bg-surface px-3 py-2.5">
      <h3 className="mb-1.5 text-sm font-medium text-muted">Result</h3>
      {typeof outputs === "string" ? (
        <Markdown text={outputs} className="prose-width" />
      ) : (
        <OutputView value={outputs} label="Result" />
      )}
    </section>
  )
}
