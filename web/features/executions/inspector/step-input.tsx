import type { Execution } from "#core/contract/executions"
import type { NodeState } from "#core/execution/state"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { ResolvedFields } from "#web/flow/resolved-fields.tsx"
import { Quiet } from "#web/flow/step-output.tsx"
import { arrivedAt } from "../model/arrived.ts"
import { Pane, Value } from "./pane.tsx"

type StepInputProps = {
  execution: Execution
  live: LiveExecution
  nodeId: string
  run: NodeState | undefined
}

/** The resolved fields of a step with effects; for the others, what came to it. */
export function StepInput({ execution, live, nodeId, run }: StepInputProps) {
  const isInput = execution.graph.nodes.find((node) => node.id === nodeId)?.type === "input"
  const came = isInput ? execution.inputs : arrivedAt(nodeId, execution.graph.edges, live.state)
  if (run?.input !== undefined) {
    return (
      <Pane>
        <ResolvedFields value={run.input} label="Input" />
      </Pane>
    )
  }
  if (run !== undefined && came !== undefined) return <Value value={came} label="Input" />
  return (
    <Pane>
      <Quiet>{run ? "Nothing came to this step." : "The execution has not come here."}</Quiet>
    </Pane>
  )
}
