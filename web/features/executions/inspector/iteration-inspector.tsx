import { Layers } from "lucide-react"
import { useLive } from "#web/flow/use-execution.ts"
import { partsOf } from "#web/flow/scope-path.ts"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { Quiet } from "#web/flow/step-output.tsx"
import type { Tab } from "#web/ui/tabs.tsx"
import { itemOf, scopeStatus, stateBefore } from "../model/iterations.ts"
import { useWatch } from "../watch.ts"
import { ErrorPane } from "./error-pane.tsx"
import { useJournalTabs } from "./journal-tabs.tsx"
import { Pane, Value } from "./pane.tsx"
import { Heading, Panels } from "./panels.tsx"

/** One iteration of a map or loop, or a called flow, as a whole: what it began with, and what it came to. */
export function IterationInspector() {
  const { live, flow, selection } = useWatch()
  const { scope } = selection
  const known = useLive(live, ({ state }) => state.scopes[scope])
  const status = useLive(live, ({ state }) => {
    const one = state.scopes[scope]
    return one && scopeStatus(one, state)
  })
  const part = partsOf(scope).at(-1)!
  const outer = partsOf(scope).at(-2)?.path ?? ""
  const journal = useJournalTabs(scope)
  const begins = useLive(live, ({ state }) =>
    part.index === undefined
      ? state.nodes[part.holder]?.input
      : (itemOf(state, part.holder, part.index) ?? stateBefore(state, part.holder, part.index)),
  )
  const empty = (say: string) => (
    <Pane>
      <Quiet>{say}</Quiet>
    </Pane>
  )
  const tabs: (Tab | null)[] = [
    {
      value: "input",
      label: "Input",
      panel: begins === undefined ? empty("It began with nothing.") : <Value value={begins} label="Input" />,
    },
    {
      value: "output",
      label: "Output",
      panel:
        known?.output === undefined ? (
          empty(known?.status === "open" ? "Nothing yet." : "It ended without an output.")
        ) : (
          <Value value={known.output} label="Output" />
        ),
    },
    ...journal,
    known?.error
      ? {
          value: "error",
          label: "Error",
          panel: <ErrorPane error={known.error} onSelect={selection.select} />,
        }
      : null,
  ]
  return (
    <>
      <Heading>
        <Layers aria-hidden className="size-4 text-muted" />
        <h2 className="truncate font-semibold">
          {flow.title(part.node_id, outer)}
          <span className="tabular ml-2 font-normal text-soft">{flow.place(scope)}</span>
        </h2>
        {status && <NodeStatusMark status={status} className="shrink-0" />}
      </Heading>
      <Panels label="Iteration" tabs={tabs} usual={known?.error ? "error" : "output"} />
    </>
  )
}
