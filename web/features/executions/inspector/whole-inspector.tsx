import { EarlyEnds } from "#web/agent/trail/early-end.tsx"
import { splitKey } from "#web/flow/scope-path.ts"
import { SpeakingSteps } from "#web/flow/speaking-steps.tsx"
import { Quiet } from "#web/flow/step-output.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import type { Tab } from "#web/ui/tabs.tsx"
import { failedStep } from "../model/failed-step.ts"
import { useWatch } from "../watch.ts"
import { ErrorPane } from "./error-pane.tsx"
import { useJournalTabs } from "./journal-tabs.tsx"
import { Pane, Value } from "./pane.tsx"
import { Panels } from "./panels.tsx"
import { useWaitingKeys, WaitingPane } from "./waiting-pane.tsx"
import { useWorkTab } from "./work-pane.tsx"

/** The execution as a whole: what it waits for, what went in, what came out, and everything that happened. */
export function WholeInspector() {
  const { execution, live } = useWatch()
  const error = useLive(live, ({ state }) => state.error)
  const waiting = useWaitingKeys()
  const journal = useJournalTabs("")
  const work = useWorkTab("")
  const open = useOpen()
  const failed = useLive(live, ({ state }) => state.error && failedStep(state, state.error))
  const tabs: (Tab | null)[] = [
    waiting.length === 0
      ? null
      : {
          value: "waiting",
          label: "Waiting",
          count: waiting.length,
          panel: <WaitingPane keys={waiting} />,
        },
    work,
    { value: "input", label: "Input", panel: <Value value={execution.inputs} label="Input" /> },
    { value: "output", label: "Output", panel: <WholeOutput /> },
    ...journal,
    error
      ? {
          value: "error",
          label: "Error",
          panel: (
            <ErrorPane
              error={error}
              step={failed}
              onSelect={failed === undefined ? undefined : () => open(failed)}
            />
          ),
        }
      : null,
  ]
  const settled = useLive(live, (one) => one.isSettled) ?? true
  // While agents work, what they do says more than an output that is not there yet.
  const usual = error ? "error" : waiting.length > 0 ? "waiting" : work && !settled ? "work" : "output"
  return <Panels label="Execution" tabs={tabs} usual={usual} />
}

/** Opens a step by its key. */
function useOpen(): (key: string) => void {
  const { select } = useWatch().selection
  return (key) => {
    const { node_id, scope } = splitKey(key)
    select(node_id, scope)
  }
}

/** The outputs once it has ended; until then the words of the steps that are under way. */
function WholeOutput() {
  const { live, flow } = useWatch()
  const open = useOpen()
  const outputs = useLive(live, ({ state }) => state.outputs)
  const settled = useLive(live, (one) => one.isSettled)
  if (outputs !== undefined) {
    return (
      <>
        <div className="px-4 pt-3 empty:hidden">
          <EarlyEnds
            live={live}
            under=""
            nameOf={(id, scope) => flow.agentAt(id, scope) ?? flow.title(id, scope)}
            onOpen={open}
          />
        </div>
        <Value value={outputs} label="Output" />
      </>
    )
  }
  return (
    <Pane>
      {settled ? (
        <Quiet>It ended without outputs.</Quiet>
      ) : (
        <SpeakingSteps
          live={live}
          titleOf={(id, scope) => [flow.title(id, scope), flow.place(scope)].filter(Boolean).join(", ")}
        />
      )}
    </Pane>
  )
}
