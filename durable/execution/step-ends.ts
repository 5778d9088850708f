import type { StepError } from "#core/execution/event"
import { outputFault } from "#core/execution/perform"
import type { Json } from "#core/json"
import type { ActiveExecution } from "./active.ts"
import { isTooLarge, tooLarge } from "./step-result.ts"

/** What a scope came to, if it is what its flow promises. */
export function outputOf(
  run: ActiveExecution,
  path: string,
  output: Json,
): { output: Json } | { error: StepError } {
  const scope = run.state.scopes[path]!
  if (isTooLarge(output)) return { error: { code: tooLarge.code, message: tooLarge.message } }
  if (scope.index !== undefined) return { output }
  const fault = outputFault(run.plan.body(path).graph.output_schema, output)
  return fault ? { error: { code: "subflow.outputs_invalid", message: fault } } : { output }
}

/** One signal for both: aborted from outside, or by the node's own time limit. */
export function limited(abort: AbortController, timeoutMs: unknown): AbortSignal {
  if (typeof timeoutMs !== "number") return abort.signal
  return AbortSignal.any([abort.signal, AbortSignal.timeout(timeoutMs)])
}
