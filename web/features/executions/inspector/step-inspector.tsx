import { PanelsTopLeft } from "lucide-react"
import { useDeferredValue, useMemo, useState } from "react"
import type { NodeState } from "#core/execution/state"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { factsOf, withoutTurns } from "#web/flow/run-facts.ts"
import { splitKey } from "#web/flow/scope-path.ts"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { Quiet, StepOutput } from "#web/flow/step-output.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import type { Tab } from "#web/ui/tabs.tsx"
import { StepActs } from "../debug/step-acts.tsx"
import { attemptsOf, eventsOf, type Attempt } from "../model/attempts.ts"
import { toolTriesOf, type ToolTry } from "../model/tool-calls.ts"
import { useRoomKey } from "../room/use-room.ts"
import { useWatch } from "../watch.ts"
import { AttemptsPane } from "./attempts-pane.tsx"
import { ErrorPane } from "./error-pane.tsx"
import { HttpPane } from "./http-pane.tsx"
import { useJournalTabs } from "./journal-tabs.tsx"
import { ModelFacts } from "./model-facts.tsx"
import { Pane } from "./pane.tsx"
import { Heading, Panels } from "./panels.tsx"
import { StepInput } from "./step-input.tsx"
import { ToolPane } from "./tool-pane.tsx"
import { WaitingStep, waitLabel } from "./waiting-step.tsx"
import { useWorkTab } from "./work-pane.tsx"

/** Everything about one step: what it was given, what it gave, what it did for that, and what it waits for. */
export function StepInspector({ step }: { step: string }) {
  const { live, flow } = useWatch()
  const run = useLive(live, (one) => one.steps.whole(step))
  const { node_id: id, scope } = splitKey(step)
  const node = flow.describe(id, scope)
  const place = flow.place(scope)
  const attempts = useAttempts(step, run)
  const tabs = useStepTabs(step, run, attempts)
  const wait = run && waitLabel(run)
  const readsLog = useHeld(step, run?.status === "running" && prints(tabs))
  return (
    <>
      <Heading actions={run && <StepActs run={run} />}>
        {node && <KindTile type={node.type} size="sm" />}
        <h2 className="truncate font-semibold">{flow.title(id, scope)}</h2>
        {place !== "" && <Badge>{place}</Badge>}
        {run && <NodeStatusMark status={run.status} className="shrink-0" />}
        {node && run && node.type !== "subflow" && <LookInside step={step} type={node.type} />}
        {run?.pinned && <Badge>Pinned</Badge>}
        {run?.reused && <Badge>Taken over</Badge>}
        {run && run.status !== "skipped" && (
          <span className="tabular truncate text-sm text-muted max-md:hidden">
            {factsOf(withoutTurns(node, run))}
          </span>
        )}
      </Heading>
      <Panels
        label="Step"
        tabs={tabs}
        usual={
          wait !== undefined
            ? "wait"
            : tabs[0]?.value === "work"
              ? "work"
              : run?.status === "failed"
                ? "error"
                : readsLog
                  ? "logs"
                  : "output"
        }
      />
    </>
  )
}

/** Whether something has held of a step since it was opened: a log that is read does not go away when the program ends. */
function useHeld(step: string, holds: boolean): boolean {
  const [held, setHeld] = useState("")
  if (holds && held !== step) setHeld(step)
  return holds || held === step
}

/** Whether there is a log: what a program prints says more than an output that is not there yet. */
const prints = (tabs: readonly (Tab | null)[]): boolean =>
  tabs.some((tab) => tab?.value === "logs" && (tab.count ?? 0) > 0)

/** Leads into a crew or an agent of the flow, where it is not looked into already. */
function LookInside({ step, type }: { step: string; type: string }) {
  const { flow, selection } = useWatch()
  const room = useRoomKey()
  if ((type !== "crew" && type !== "agent") || room === step || flow.roomOf(step) !== step) return null
  return (
    <Button size="xs" onClick={() => selection.choose(step)}>
      <PanelsTopLeft aria-hidden />
      Look inside
    </Button>
  )
}

function useAttempts(step: string, run: NodeState | undefined): readonly Attempt[] {
  const { live } = useWatch()
  return useMemo(
    () => (run === undefined ? [] : attemptsOf(eventsOf(live.events, step))),
    // The step is another object with each event that concerns it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, step, run],
  )
}

/** The calls that a step is made of; steps inside of it are other objects with each event, so all of them are listened to. */
function useToolTries(step: string, isCall: boolean): readonly ToolTry[] {
  const { live } = useWatch()
  const version = useDeferredValue(useLive(live, (one) => (isCall ? one.version : 0)))
  return useMemo(
    () => (isCall ? toolTriesOf(live.events, step) : []),
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, step, isCall, version],
  )
}

function useStepTabs(step: string, run: NodeState | undefined, attempts: readonly Attempt[]): (Tab | null)[] {
  const { flow } = useWatch()
  const { node_id: id, scope } = splitKey(step)
  const isCall = flow.node(id, scope)?.type === "tool" || run?.tool !== undefined
  const journal = useJournalTabs("", step, { within: isCall })
  const tries = useToolTries(step, isCall)
  const work = useWorkTab(step)
  const error = run?.status === "succeeded" ? undefined : run?.error
  const label = run && waitLabel(run)
  const exchanges = attempts.some((one) => one.exchanges.length > 0)
  const isTold = attempts.length > 1 || attempts[0]?.error !== undefined
  return [
    work,
    run && label !== undefined
      ? { value: "wait", label, panel: <WaitingStep step={step} run={run} /> }
      : null,
    { value: "input", label: "Input", panel: <StepInput run={run} /> },
    {
      value: "output",
      label: "Output",
      panel: (
        <Pane>{run ? <StepOutput run={run} fill /> : <Quiet>The execution has not come here.</Quiet>}</Pane>
      ),
    },
    run?.model === undefined ? null : { value: "model", label: "Model", panel: <ModelFacts run={run} /> },
    isCall ? { value: "tool", label: "Call", panel: <ToolPane run={run} tries={tries} /> } : null,
    exchanges ? { value: "http", label: "HTTP", panel: <HttpPane attempts={attempts} /> } : null,
    isTold
      ? {
          value: "attempts",
          label: "Attempts",
          count: attempts.length,
          panel: <AttemptsPane attempts={attempts} />,
        }
      : null,
    ...journal,
    error ? { value: "error", label: "Error", panel: <ErrorPane error={error} step={step} /> } : null,
  ]
}
