import { X } from "lucide-react"
import type { Execution } from "#core/contract/executions"
import { KindTile } from "#web/flow/kind-tile.tsx"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { factsOf, titleIn } from "#web/flow/node-card.tsx"
import { SpeakingSteps } from "#web/flow/speaking-steps.tsx"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { Quiet, StepOutput } from "#web/flow/step-output.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Tabs, type Tab } from "#web/ui/tabs.tsx"
import type { useSelection } from "../use-selected-node.ts"
import { ErrorPane } from "./error-pane.tsx"
import { EventsTable } from "./events-table.tsx"
import { LogList } from "./log-list.tsx"
import { ModelFacts } from "./model-facts.tsx"
import { Pane, Value } from "./pane.tsx"
import { StepInput } from "./step-input.tsx"

type InspectorProps = {
  execution: Execution
  live: LiveExecution
  selection: ReturnType<typeof useSelection>
}

/** Everything about the selected step; about the execution as a whole while none is selected. */
export function Inspector(props: InspectorProps) {
  const { node } = props.selection
  return node === null ? <WholeInspector {...props} /> : <StepInspector {...props} nodeId={node} />
}

function WholeInspector({ execution, live, selection }: InspectorProps) {
  const error = useLive(live, ({ state }) => state.error)
  const tabs: Tab[] = [
    { value: "input", label: "Input", panel: <Value value={execution.inputs} label="Input" /> },
    {
      value: "output",
      label: "Output",
      panel: <WholeOutput execution={execution} live={live} />,
    },
    ...useJournalTabs(live, null, selection.select),
    ...(error
      ? [
          {
            value: "error",
            label: "Error",
            panel: <ErrorPane execution={execution} error={error} onSelect={selection.select} />,
          },
        ]
      : []),
  ]
  return <Panels label="Execution" tabs={tabs} usual={error ? "error" : "output"} selection={selection} />
}

/** The outputs once it has ended; until then the words of the steps that are under way. */
function WholeOutput({ execution, live }: Pick<InspectorProps, "execution" | "live">) {
  const outputs = useLive(live, ({ state }) => state.outputs)
  const settled = useLive(live, (one) => one.isSettled)
  if (outputs !== undefined) return <Value value={outputs} label="Output" />
  return (
    <Pane>
      {settled ? (
        <Quiet>It ended without outputs.</Quiet>
      ) : (
        <SpeakingSteps live={live} titleOf={(id) => titleIn(execution.graph, id)} />
      )}
    </Pane>
  )
}

function StepInspector({ execution, live, selection, nodeId }: InspectorProps & { nodeId: string }) {
  const run = useLive(live, (one) => one.node(nodeId))
  const node = execution.graph.nodes.find((one) => one.id === nodeId)
  const error = run?.status === "succeeded" ? undefined : run?.error
  const tabs: Tab[] = [
    {
      value: "input",
      label: "Input",
      panel: <StepInput execution={execution} live={live} nodeId={nodeId} run={run} />,
    },
    {
      value: "output",
      label: "Output",
      panel: <Pane>{run ? <StepOutput run={run} fill /> : <NotHere />}</Pane>,
    },
    ...(run?.model === undefined
      ? []
      : [{ value: "model", label: "Model", panel: <ModelFacts run={run} /> }]),
    ...useJournalTabs(live, nodeId, selection.select),
    ...(error
      ? [{ value: "error", label: "Error", panel: <ErrorPane execution={execution} error={error} /> }]
      : []),
  ]
  return (
    <>
      <div className="flex h-11 shrink-0 items-center gap-2.5 px-4">
        {node && <KindTile type={node.type} size="sm" />}
        <h2 className="truncate font-semibold">{titleIn(execution.graph, nodeId)}</h2>
        {run && <NodeStatusMark status={run.status} className="shrink-0" />}
        {run && run.status !== "skipped" && (
          <span className="tabular truncate text-sm text-muted max-md:hidden">{factsOf(run)}</span>
        )}
        <IconButton
          label="Back to the whole execution"
          keys="esc"
          size="sm"
          className="ml-auto"
          onClick={() => selection.select(null)}
        >
          <X />
        </IconButton>
      </div>
      <Panels
        label="Step"
        tabs={tabs}
        usual={run?.status === "failed" ? "error" : "output"}
        selection={selection}
      />
    </>
  )
}

const NotHere = () => <Quiet>The execution has not come here.</Quiet>

/** The journal and the log, of one step or of all. */
function useJournalTabs(live: LiveExecution, nodeId: string | null, onSelect: (id: string) => void): Tab[] {
  const events = useLive(live, ({ state }) => state.seq) ?? 0
  const logs =
    useLive(
      live,
      ({ state }) => state.logs.filter((log) => nodeId === null || log.node_id === nodeId).length,
    ) ?? 0
  return [
    {
      value: "events",
      label: "Events",
      ...(nodeId === null ? { count: events } : {}),
      panel: <EventsTable live={live} nodeId={nodeId} onSelect={onSelect} />,
    },
    {
      value: "logs",
      label: "Logs",
      ...(logs > 0 ? { count: logs } : {}),
      panel: <LogList live={live} nodeId={nodeId} onSelect={onSelect} />,
    },
  ]
}

type PanelsProps = {
  label: string
  tabs: readonly Tab[]
  usual: string
  selection: InspectorProps["selection"]
}

/** The tab of the address where it is there, else the one that tells most. */
function Panels({ label, tabs, usual, selection }: PanelsProps) {
  const value = tabs.some((tab) => tab.value === selection.tab) ? selection.tab! : usual
  return (
    <Tabs
      label={label}
      tabs={tabs}
      value={value}
      onChange={selection.show}
      className="flex-1"
      panelClassName="flex min-h-0 flex-col data-[state=inactive]:hidden"
    />
  )
}
