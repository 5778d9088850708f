import type { NodeState } from "#core/execution/state"
import { ResolvedFields } from "#web/flow/resolved-fields.tsx"
import { Quiet } from "#web/flow/step-output.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { useWatch } from "../watch.ts"
import { Pane, Value } from "./pane.tsx"

/** The resolved fields of a step with effects; for the others, what came to it. */
export function StepInput({ run }: { run: NodeState | undefined }) {
  const { execution, live, flow } = useWatch()
  useLive(live, (one) => one.version)
  if (!run) {
    return (
      <Pane>
        <Quiet>The execution has not come here.</Quiet>
      </Pane>
    )
  }
  if (run.input !== undefined) {
    return (
      <Pane>
        <ResolvedFields value={run.input} label="Input" />
      </Pane>
    )
  }
  const { node_id: id, scope } = run
  const isFirst = scope === "" && flow.node(id, scope)?.type === "input"
  const came = isFirst ? execution.inputs : flow.incoming(live.state, id, scope)
  if (came !== undefined) return <Value value={came} label="Input" />
  return (
    <Pane>
      <Quiet>Nothing came to this step.</Quiet>
    </Pane>
  )
}
