import { useMutation } from "@tanstack/react-query"
import { useSearch } from "@tanstack/react-router"
import { FlaskConical, Play } from "lucide-react"
import { useMemo, useState, type KeyboardEvent } from "react"
import { AgentTrail } from "#web/agent/trail/agent-trail.tsx"
import { TrialTotals } from "#web/agent/trail/totals.tsx"
import { agentsIn } from "#web/agent/trail/trail.ts"
import { useCan } from "#web/api/me.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { StepErrorNote } from "#web/flow/step-output.tsx"
import { LiveProvider, useLive } from "#web/flow/use-execution.ts"
import { useLiveExecution } from "#web/flow/use-live-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { Kbd } from "#web/ui/kbd.tsx"
import { useSteadyScroll } from "#web/ui/use-steady-scroll.ts"
import { tryAgent } from "../queries.ts"
import type { AgentDraftState } from "./parts.ts"

/** Gives the agent a task, as it stands in the fields, saved or not, and shows how it goes about it. */
export function TryOut({ id, draft }: { id: string; draft: AgentDraftState }) {
  const { task: sample } = useSearch({ from: "/shell/inside/agents/$agentId" })
  const [task, setTask] = useState(sample ?? "")
  const [fault, setFault] = useState<string | undefined>()
  const mayStart = useCan("execution.start")
  const start = useMutation({
    mutationFn: async () => tryAgent(id, task, draft.isDirty ? draft.draft : undefined),
  })
  const live = useLiveExecution(start.data?.execution_id ?? null)
  const isUnderWay = useLive(live, (one) => !one.isSettled && one.link !== "failed") ?? false
  const run = () => {
    if (task.trim() === "") return setFault("Say what it is to do")
    setFault(undefined)
    // What is wrong with the fields is said beside them.
    if (!draft.isDirty || draft.check()) start.mutate()
    return undefined
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    run()
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-2 border-b border-line bg-surface p-4">
        <Field label="Try it out" error={fault}>
          <Textarea
            rows={3}
            placeholder="A task, such as a question it should be able to answer"
            value={task}
            disabled={!mayStart}
            onChange={({ target }) => setTask(target.value)}
            onKeyDown={onKeyDown}
          />
        </Field>
        <div className="flex items-center gap-2">
          <Button
            tone="primary"
            size="sm"
            busy={start.isPending}
            disabled={!mayStart || isUnderWay}
            onClick={run}
          >
            <Play aria-hidden />
            Run
          </Button>
          <Kbd keys="mod+enter" className="max-md:hidden" />
          <span className="ml-auto text-sm text-muted">
            {draft.isDirty ? "As you typed it, not saved" : `Version ${draft.version}`}
          </span>
        </div>
        {start.error && <ErrorNote error={start.error} />}
      </div>
      {live ? (
        <Trial key={live.id} live={live} />
      ) : (
        <EmptyState icon={FlaskConical} title="Nothing tried yet">
          Its thoughts, the tools it calls, what they answer, and what it costs appear here as they happen.
        </EmptyState>
      )}
    </div>
  )
}

function Trial({ live }: { live: LiveExecution }) {
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
    <LiveProvider value={live}>
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
        aria-label="What it does"
        className="focus-ring-inset flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto overscroll-contain p-4"
      >
        {link === "failed" && <ErrorNote error={live.error} />}
        {agents.map((agent) => (
          <AgentTrail key={agent} agent={agent} />
        ))}
        {agents.length === 0 && error && <StepErrorNote error={error} />}
      </div>
    </LiveProvider>
  )
}
