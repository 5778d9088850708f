import type { StepError } from "#core/execution/event"
import { nodeKey, type ExecutionState } from "#core/execution/state"
import { agentOfThought } from "#web/agent/trail/trail.ts"

/**
 * The key of the step that an execution failed of: its error names the node alone, which may stand deep inside. Where it was a
 * thought, the agent whose it was: its turns tell why. Undefined when no step failed.
 */
export function failedStep({ nodes }: ExecutionState, error: StepError): string | undefined {
  const failed = Object.values(nodes).filter(
    (one) => one.status === "failed" && one.node_id === error.node_id && one.error?.code === error.code,
  )
  const last = failed.findLast((one) => one.error?.message === error.message) ?? failed.at(-1)
  return last && (agentOfThought(last) ?? nodeKey(last.node_id, last.scope))
}
